"""What a site already knows of the keywords of a chunk."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from pydantic_core import from_json

from igny8.planner.keyword_import.figures import Figures, Metric
from igny8.planner.keyword_import.reading import Arrival
from igny8.planner.keyword_import.statements import SHOWN, STORED, places
from igny8.sites.models import Site

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A keyword of the site, the figures it shows, and what each tool told."""

    pk: int
    own: Figures
    told: dict[str, Metric] = field(default_factory=dict)


def read_stored(site: Site, arrivals: list[Arrival]) -> list[Values]:
    """One row a keyword and tool, as the database gives them: quick to read and to compare."""
    if not arrivals:
        return []
    with connection.cursor() as cursor:
        texts = [each.normalised for each in arrivals]
        cursor.execute(STORED.format(texts=places(texts)), (site.pk, *texts))
        return list(cursor.fetchall())


def known_of(stored: Iterable[Values]) -> dict[str, Known]:
    """By normalised keyword."""
    found: dict[str, Known] = {}
    for text, pk, source, dated, figures, *own in stored:
        if text not in found:
            found[text] = Known(pk, _own_figures(own))
        if source is not None:
            day = date.fromisoformat(str(dated)) if dated else None
            found[text].told[source] = Metric(day, from_json(figures))
    return found


def _own_figures(columns: list[Any]) -> Figures:
    own = dict(zip(SHOWN, columns, strict=True))
    own["intents"] = from_json(own["intents"])
    return {name: each for name, each in own.items() if each or (each == 0 and each is not False)}
