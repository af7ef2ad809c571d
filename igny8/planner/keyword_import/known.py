"""What a site already knows of the keywords of a chunk."""

from dataclasses import dataclass, field

from igny8.planner.keyword_import.figures import SHOWN_VOLUME, Figures, Metric, known
from igny8.planner.models import Keyword
from igny8.sites.models import Site

SHOWN = (*SHOWN_VOLUME, "difficulty", "cpc", "currency", "intents", "country")


@dataclass(slots=True)
class Known:
    """A keyword of the site, the figures it shows, and what each tool told."""

    pk: int
    own: Figures
    told: dict[str, Metric] = field(default_factory=dict)


def look_up(site: Site, normalised: list[str]) -> dict[str, Known]:
    rows = Keyword.objects.filter(site=site, normalised__in=normalised).values_list(
        "normalised", "pk", "metrics__source", "metrics__dated", "metrics__figures", *SHOWN
    )
    found: dict[str, Known] = {}
    for text, pk, source, dated, figures, *own in rows:
        if text not in found:
            found[text] = Known(pk, known(zip(SHOWN, own, strict=True)))
        if source is not None:
            found[text].told[source] = Metric(dated, figures)
    return found
