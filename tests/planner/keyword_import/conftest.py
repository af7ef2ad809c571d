"""A site, and files of given content brought into it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from igny8.intake import open_export
from igny8.planner.keyword_import import ImportReport, import_keywords
from igny8.planner.models import Keyword, KeywordMetric
from igny8.sites.models import Site
from tests.factories import make_site

Bring = Callable[..., ImportReport]


@pytest.fixture
def site(db: None) -> Site:
    return make_site()


@pytest.fixture
def bring(site: Site, tmp_path: Path) -> Bring:
    """Writes a file and imports it."""

    def bring(content: str, name: str = "keywords.csv", *, into: Site = site) -> ImportReport:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return import_keywords(into, open_export(path))

    return bring


def everything_stored() -> tuple[list[Any], list[Any]]:
    """All columns of all keywords and metrics, times of change included."""
    keywords, metrics = Keyword.objects.order_by("pk"), KeywordMetric.objects.order_by("pk")
    return list(keywords.values()), list(metrics.values())
