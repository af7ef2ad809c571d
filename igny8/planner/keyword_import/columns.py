"""Changes as rows of their tables: unknown is NULL, or empty where a column cannot be NULL."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from igny8.planner.keyword_import.figures import Figures, Metric
from igny8.planner.keyword_import.known import SHOWN
from igny8.planner.keyword_import.reading import Arrival

Values = tuple[Any, ...]

KEYWORD = ("keyword", "normalised", *SHOWN)
METRIC = ("normalised", "dated", "figures")
UNKNOWN: Figures = {
    **dict.fromkeys(SHOWN),
    "volume_is_estimate": False,
    "currency": "",
    "country": "",
    "intents": [],
    "source": "",
}


def keyword_rows(new: Iterable[Arrival], source: str) -> Iterator[Values]:
    """In the order of KEYWORD."""
    for each in new:
        yield each.keyword, each.normalised, *shown_values(each.figures | {"source": source})


def metric_rows(told: Iterable[tuple[str, Metric]]) -> Iterator[Values]:
    """In the order of METRIC."""
    for normalised, metric in told:
        yield (
            normalised,
            connection.ops.adapt_datefield_value(metric.dated),
            json.dumps(metric.figures),
        )


def shown_values(figures: Figures) -> Values:
    """In the order of SHOWN."""
    filled = UNKNOWN | figures
    filled["intents"] = json.dumps(filled["intents"])
    return tuple(filled[name] for name in SHOWN)
