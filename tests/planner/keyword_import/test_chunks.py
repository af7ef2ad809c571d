from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from igny8.core.clock import ManualClock, clock_set_to
from igny8.intake import BadRow, Export, Row, open_text
from igny8.planner.keyword_import import import_keywords, reading
from igny8.planner.keyword_import.report import RowCounts
from igny8.planner.models import Keyword, KeywordMetric
from igny8.sites.models import Site

from .conftest import everything_stored

TEN = "keyword,volume\n" + "".join(f"basil {number},{number}\n" for number in range(10))


@pytest.fixture(autouse=True)
def _chunks_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CHUNK", 3)


def statements(captured: CaptureQueriesContext, word: str) -> int:
    return sum(query["sql"].startswith(word) for query in captured)


@pytest.mark.django_db(transaction=True)
def test_each_chunk_is_a_transaction_of_its_own(site: Site) -> None:
    with CaptureQueriesContext(connection) as captured:
        import_keywords(site, open_text(TEN))

    assert statements(captured, "COMMIT") == 4
    assert Keyword.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_importing_the_same_again_takes_no_write_lock(site: Site) -> None:
    import_keywords(site, open_text(TEN))

    with CaptureQueriesContext(connection) as captured:
        import_keywords(site, open_text(TEN))

    assert statements(captured, "BEGIN") == 0


@pytest.mark.django_db(transaction=True)
def test_an_import_inside_a_transaction_is_refused_for_it_would_hold_the_lock(site: Site) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        import_keywords(site, open_text(TEN))


class Interrupted(Export):
    """An export whose reading ends with the process."""

    __slots__ = ()

    def rows(self) -> Iterator[Row | BadRow]:
        for number, row in enumerate(super().rows()):
            assert not connection.in_atomic_block
            if number == 7:
                raise KeyboardInterrupt
            yield row


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_import_is_completed_by_importing_again(site: Site) -> None:
    export = open_text(TEN)
    export.__class__ = Interrupted
    with pytest.raises(KeyboardInterrupt):
        import_keywords(site, export)
    assert site.keywords.count() == 6

    report = import_keywords(site, open_text(TEN))

    assert report.rows == RowCounts(total=10, new=4, duplicate=6, bad=0)
    assert KeywordMetric.objects.count() == 10


def test_a_keyword_repeated_in_a_later_chunk_is_a_duplicate_that_only_fills(site: Site) -> None:
    text = (
        "keyword,volume,kd\nbasil,,5\na1,1,\na2,2,\na3,3,\nBasil,70,99\na4,4,\na5,5,\nbasil,80,\n"
    )
    tried = import_keywords(site, open_text(text), dry_run=True)

    report = import_keywords(site, open_text(text))

    assert report == tried
    assert report.rows == RowCounts(total=8, new=6, duplicate=2, bad=0)
    assert (report.keywords[0]["volume"], report.keywords[0]["difficulty"]) == (70, 5.0)
    basil = site.keywords.get(normalised="basil")
    assert (basil.volume, basil.difficulty) == (70, 5.0)
    assert basil.metrics.get().figures == {"volume": 70, "difficulty": 5.0}


def test_a_file_that_repeats_itself_across_chunks_changes_nothing_the_second_time(
    site: Site,
) -> None:
    text = "keyword,volume,kd\nbasil,10-100,5\na1,1,\na2,2,\na3,3,\nBasil,70,99\nbasil,80,\n"
    import_keywords(site, open_text(text))
    before = everything_stored()

    import_keywords(site, open_text(text))

    assert everything_stored() == before


class Meanwhile(ManualClock):
    """Somebody else adds a keyword just when a chunk asks for the time to write."""

    def __init__(self, site: Site) -> None:
        super().__init__(datetime(2026, 1, 5, tzinfo=UTC))
        self.site = site

    def now(self) -> datetime:
        if not self.site.keywords.exists():
            Keyword.objects.create(
                site=self.site, keyword="Basil 1", normalised="basil 1", difficulty=7
            )
        return super().now()


def test_a_keyword_that_somebody_adds_meanwhile_is_a_duplicate_and_keeps_what_it_has(
    site: Site,
) -> None:
    with clock_set_to(Meanwhile(site)):
        report = import_keywords(site, open_text(TEN))

    assert report.rows == RowCounts(total=10, new=9, duplicate=1, bad=0)
    added = site.keywords.get(normalised="basil 1")
    assert (added.keyword, added.difficulty, added.volume) == ("Basil 1", 7, 1)
    assert added.metrics.get().figures == {"volume": 1}
