import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from igny8.intake import BadRow, open_export, open_text
from igny8.planner.keyword_import import ImportReport, import_keywords
from igny8.planner.keyword_import.report import RowCounts
from igny8.planner.models import Keyword, KeywordMetric
from igny8.sites.models import Site
from tests.factories import make_site

from .conftest import Bring, everything_stored

EXPORTS = Path(__file__).parents[2] / "intake" / "exports"
READABLE = sorted(
    path.name for path in EXPORTS.iterdir() if path.name not in {"README.md", "Filters.csv"}
)
HOSTILE = (
    "=cmd|'/C calc'!A0", "'); DROP TABLE igny8_keywords; --", "<script>alert(1)</script>",
    "100%s of %(x)s {0} {{ 7*7 }}", r"\N", r"basil\tmint\\", '"quoted" basil', "ünïcödé 🌿 香草",
    "$$ ; COPY x FROM STDIN", r"\. basil",
)  # fmt: skip


def sample() -> Path:
    (path,) = Path(str(files("igny8.planner.sample"))).glob("*.csv")
    return path


def test_the_sample_has_166_new_keywords_3_duplicates_and_2_bad_rows(site: Site) -> None:
    report = import_keywords(site, open_export(sample()))

    assert report.rows == RowCounts(total=171, new=166, duplicate=3, bad=2)
    assert [error.line for error in report.errors] == [98, 143]
    assert site.keywords.filter(status=Keyword.Status.NEW).count() == 166
    assert KeywordMetric.objects.count() == 166


def test_the_sample_again_adds_and_changes_nothing(site: Site) -> None:
    import_keywords(site, open_export(sample()))
    before = everything_stored()

    report = import_keywords(site, open_export(sample()))

    assert report.rows == RowCounts(total=171, new=0, duplicate=169, bad=2)
    assert report.keywords == []
    assert everything_stored() == before


def test_a_dry_run_reports_what_the_import_then_does_and_writes_nothing(site: Site) -> None:
    tried = import_keywords(site, open_export(sample()), dry_run=True)

    assert everything_stored() == ([], [])
    assert tried == import_keywords(site, open_export(sample()))
    again = import_keywords(site, open_export(sample()), dry_run=True)
    assert again == import_keywords(site, open_export(sample()))


@pytest.mark.parametrize("name", READABLE)
def test_every_export_imports_and_importing_it_again_changes_nothing(site: Site, name: str) -> None:
    tried = import_keywords(site, open_export(EXPORTS / name), dry_run=True)
    report = import_keywords(site, open_export(EXPORTS / name))
    before = everything_stored()

    again = import_keywords(site, open_export(EXPORTS / name))

    assert tried == report
    assert report.rows.new == site.keywords.count() > 0
    assert again.rows == RowCounts(
        total=report.rows.total,
        new=0,
        duplicate=report.rows.total - report.rows.bad,
        bad=report.rows.bad,
    )
    assert everything_stored() == before


def test_the_report_has_exactly_the_shape_of_the_contract(bring: Bring) -> None:
    report = bring("keyword,volume,kd,cpc,intent\nBasil care,1.2K,,0.5,I\n,5,,,\nmint,<10,7,,\n")

    as_json = json.loads(json.dumps(report.as_json()))
    assert as_json["warnings"]
    assert as_json | {"warnings": []} == {
        "source": "csv",
        "encoding": "utf-8",
        "delimiter": ",",
        "header_line": 1,
        "columns": {
            "keyword": "keyword", "volume": "volume", "kd": "difficulty", "cpc": "cpc",
            "intent": "intents",
        },
        "rows": {"total": 3, "new": 2, "duplicate": 0, "bad": 1},
        "keywords": [
            {
                "line": 2, "keyword": "Basil care", "volume": 1200, "volume_min": None,
                "volume_max": None, "difficulty": None, "cpc": 0.5, "intents": ["informational"],
                "country": None, "cluster": None,
            },
            {
                "line": 4, "keyword": "mint", "volume": None, "volume_min": 0, "volume_max": 10,
                "difficulty": 7.0, "cpc": None, "intents": [], "country": None, "cluster": None,
            },
        ],
        "errors": [{"line": 3, "reason": "The keyword is empty."}],
        "warnings": [],
    }  # fmt: skip


def test_unknown_figures_are_stored_as_unknown(bring: Bring, site: Site) -> None:
    bring("keyword,volume,kd,cpc\nbasil,N/A,,\nmint,10 – 100,-,\n")

    basil, mint = site.keywords.order_by("pk")
    assert (basil.volume, basil.volume_min, basil.volume_max) == (None, None, None)
    assert (basil.difficulty, basil.cpc, basil.volume_is_estimate) == (None, None, False)
    assert (mint.volume, mint.volume_min, mint.volume_max) == (None, 10, 100)
    assert mint.volume_is_estimate


def test_the_first_spelling_in_a_file_is_kept_and_later_rows_fill_what_it_leaves_open(
    bring: Bring, site: Site
) -> None:
    report = bring("keyword,volume,kd\nBasil  Care,,30\nbasil care,500,99\nBASIL CARE,700,\n")

    keyword = site.keywords.get()
    assert report.rows == RowCounts(total=3, new=1, duplicate=2, bad=0)
    assert (keyword.keyword, keyword.normalised) == ("Basil Care", "basil care")
    assert (keyword.volume, keyword.difficulty) == (500, 30.0)
    assert report.keywords[0]["volume"] == 500


def test_positions_of_one_keyword_on_several_pages_are_never_added_up(
    bring: Bring, site: Site
) -> None:
    bring(
        "Keyword,Position,Previous position,Search Volume,URL,Traffic Cost\n"
        "basil,3,4,900,https://example.com/a,1\n"
        "basil,9,8,900,https://example.com/b,1\n"
    )

    metric = KeywordMetric.objects.get()
    assert metric.source == "semrush_organic_positions"
    assert metric.figures["position"] == 3
    assert metric.figures["page"] == "https://example.com/a"
    assert site.keywords.get().volume == 900


def test_a_grouping_in_the_file_is_kept_as_a_hint(bring: Bring, site: Site) -> None:
    report = bring("keyword,cluster,page\nbasil care,Basil,How to care for basil\n")

    assert report.keywords[0]["cluster"] == "Basil"
    assert KeywordMetric.objects.get().figures == {
        "cluster": "Basil", "page": "How to care for basil",
    }  # fmt: skip
    assert site.keywords.get().cluster is None


def test_plain_lines_become_keywords_without_metrics(site: Site) -> None:
    report = import_keywords(site, open_text("basil\nmint\nbasil\n"))

    assert report.rows == RowCounts(total=3, new=2, duplicate=1, bad=0)
    assert list(site.keywords.order_by("pk").values_list("keyword", "source")) == [
        ("basil", "lines"), ("mint", "lines"),
    ]  # fmt: skip
    assert not KeywordMetric.objects.exists()


def test_the_tool_and_the_day_of_the_export_are_kept(site: Site) -> None:
    import_keywords(site, open_export(sample()))

    told = KeywordMetric.objects.values_list("source", "dated").distinct()
    assert list(told) == [("ahrefs_keywords_explorer", date(2026, 5, 2))]


def test_keywords_of_two_sites_never_touch_each_other(bring: Bring, site: Site) -> None:
    other = make_site()
    bring("keyword,volume\nbasil,100\n", into=other)
    before = other.keywords.values().get(), other.keywords.get().metrics.values().get()

    report = bring("keyword,volume\nbasil,999\nmint,5\n")

    assert report.rows.new == 2
    assert before == (other.keywords.values().get(), other.keywords.get().metrics.values().get())
    assert site.keywords.get(normalised="basil").metrics.get().figures == {"volume": 999}


def test_hostile_text_is_stored_as_the_text_it_is(site: Site) -> None:
    lines = "\n".join(
        ("keyword\tcluster", *(f"{_quoted(each)}\t{_quoted(each)}" for each in HOSTILE))
    )

    report = import_keywords(site, open_text(lines))

    assert report.rows == RowCounts(total=len(HOSTILE), new=len(HOSTILE), duplicate=0, bad=0)
    assert tuple(site.keywords.order_by("pk").values_list("keyword", flat=True)) == HOSTILE
    hints = KeywordMetric.objects.order_by("keyword").values_list("figures__cluster", flat=True)
    assert tuple(hints) == HOSTILE


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def test_bad_rows_stop_no_good_ones(bring: Bring, site: Site) -> None:
    report = bring("keyword,volume\nbasil,many\n,1\nmint,20\nx\0y,3\n")

    assert report.rows == RowCounts(total=4, new=1, duplicate=0, bad=3)
    assert [type(error) for error in report.errors] == [BadRow] * 3
    assert site.keywords.get().keyword == "mint"


def numbered(count: int) -> str:
    return "\n".join(f"basil {number}" for number in range(count))


def test_a_long_report_lists_the_first_ten_thousand_keywords_and_says_so(site: Site) -> None:
    whole = import_keywords(site, open_text(numbered(10_000)), dry_run=True)
    cut = import_keywords(site, open_text(numbered(10_001)), dry_run=True)

    assert len(whole.keywords) == len(cut.keywords) == 10_000
    assert cut.rows.new == 10_001
    assert "This report lists the first 10,000 of 10,001 new keywords." in cut.warnings
    assert not any("first 10,000" in warning for warning in whole.warnings)


def test_numbers_in_the_report_always_add_up(site: Site) -> None:
    for report in _reports_of_all_exports(site):
        rows = report.rows
        assert rows.total == rows.new + rows.duplicate + rows.bad
        assert len(report.keywords) == rows.new
        assert len(report.errors) == rows.bad


def _reports_of_all_exports(site: Site) -> Iterator[ImportReport]:
    for name in READABLE:
        yield import_keywords(site, open_export(EXPORTS / name))
