"""Changes as rows of their tables: unknown is NULL, or empty where a column cannot be NULL."""

from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from django.db import connection
from pydantic_core import to_json  # a fifth of the time of json.dumps

from igny8.core import clock
from igny8.planner.keyword_import.deciding import Changes
from igny8.planner.keyword_import.figures import Figures
from igny8.planner.keyword_import.known import Values
from igny8.planner.keyword_import.statements import SHOWN
from igny8.planner.models import Keyword
from igny8.sites.models import Site

UNKNOWN = dict.fromkeys(SHOWN) | {
    "volume_is_estimate": False,
    "source": "",
    "currency": "",
    "country": "",
    "intents": (),
}
_columns = itemgetter(*SHOWN[:-1])  # all but the intents, which are JSON


@dataclass(frozen=True, slots=True)
class Rows:
    """Ready to be written, so that nothing is left to be worked out while the database waits.

    A keyword in the order of KEYWORD; a metric in the order of METRIC and OF_KEYWORD; figures to
    show in the order of SHOWN, then the time and the keyword's id.
    """

    keywords: list[Values]
    metrics: list[Values]
    shown: list[Values]


def rows_of(changes: Changes, site: Site, source: str) -> Rows:
    now = connection.ops.adapt_datetimefield_value(clock.now())
    day = connection.ops.adapt_datefield_value
    common = (site.pk, now, now, Keyword.Status.NEW.value, "", "", "")
    return Rows(
        keywords=[
            (*common, each.keyword, each.normalised, *_shown({**each.figures, "source": source}))
            for each in changes.new
        ],
        metrics=[
            (source, now, now, day(each.dated), to_json(each.figures).decode(), site.pk, normalised)
            for normalised, each in changes.told
        ],
        shown=[(*_shown(figures), now, pk) for pk, figures in changes.shown],
    )


def _shown(figures: Figures) -> Values:
    known = {**UNKNOWN, **figures}
    return *_columns(known), _intents(tuple(known["intents"]))


@lru_cache(maxsize=1_000)
def _intents(intents: tuple[str, ...]) -> str:
    return to_json(intents).decode()
