from datetime import date

from igny8.planner.models import Keyword, KeywordMetric
from igny8.sites.models import Site
from tests.factories import make_cluster, make_mapped_keyword, make_site

from .conftest import Bring, everything_stored

AHREFS = (
    "Keyword,Country,Difficulty,Volume,CPC,CPS,Intents\n"
    "Basil care,us,12,{volume},0.5,1,Informational\n"
)
AHREFS_NAME = "google_us_basil_matching-terms_{day}_10-11-12.csv"
PLANNER = (
    "Keyword,Currency,Avg. monthly searches,Competition,Top of page bid (low range)\n"
    "basil care,EUR,1K – 10K,Low,\n"
)
SEARCH_CONSOLE = "Top queries,Clicks,Impressions,CTR,Position\nbasil care,4,90,4.4%,8.1\n"


def ahrefs(bring: Bring, volume: str, day: str, **options: Site) -> None:
    bring(AHREFS.format(volume=volume), AHREFS_NAME.format(day=day), **options)


def volumes(site: Site) -> tuple[object, ...]:
    keyword = site.keywords.get()
    return (
        keyword.volume, keyword.volume_min, keyword.volume_max, keyword.volume_is_estimate,
        keyword.source,
    )  # fmt: skip


def test_each_tool_keeps_its_own_figures_with_its_day(bring: Bring, site: Site) -> None:
    ahrefs(bring, "880", "2026-05-02")
    bring(PLANNER)
    bring(SEARCH_CONSOLE, "Queries.csv")

    told = {metric.source: metric for metric in KeywordMetric.objects.all()}
    assert told["ahrefs_keywords_explorer"].dated == date(2026, 5, 2)
    assert told["ahrefs_keywords_explorer"].figures == {
        "volume": 880, "difficulty": 12.0, "cpc": 0.5, "intents": ["informational"],
        "country": "us",
    }  # fmt: skip
    assert told["google_keyword_planner"].figures == {
        "volume_min": 1_000, "volume_max": 10_000, "volume_is_estimate": True,
    }  # fmt: skip
    assert told["google_search_console"].figures == {
        "impressions": 90, "clicks": 4, "position": 8.1,
    }  # fmt: skip
    assert site.keywords.count() == 1


def test_impressions_are_no_volume(bring: Bring, site: Site) -> None:
    bring(SEARCH_CONSOLE, "Queries.csv")

    assert volumes(site) == (None, None, None, False, "google_search_console")


def test_an_exact_volume_is_shown_before_a_range_and_a_range_before_none(
    bring: Bring, site: Site
) -> None:
    bring(SEARCH_CONSOLE, "Queries.csv")
    bring(PLANNER)
    assert volumes(site) == (None, 1_000, 10_000, True, "google_keyword_planner")

    ahrefs(bring, "880", "2026-05-02")
    assert volumes(site) == (880, None, None, False, "ahrefs_keywords_explorer")


def test_the_order_of_imports_makes_no_difference_to_what_is_shown(
    bring: Bring, site: Site
) -> None:
    other = make_site()
    ahrefs(bring, "880", "2026-05-02")
    for content in (PLANNER, SEARCH_CONSOLE):
        bring(content)
    for content in (SEARCH_CONSOLE, PLANNER):
        bring(content, into=other)
    ahrefs(bring, "880", "2026-05-02", into=other)

    columns = (
        "volume", "volume_min", "volume_max", "volume_is_estimate", "difficulty", "cpc",
        "currency", "intents", "country", "source",
    )  # fmt: skip
    assert site.keywords.values(*columns).get() == other.keywords.values(*columns).get()


def test_a_newer_export_of_a_tool_changes_its_figures(bring: Bring, site: Site) -> None:
    ahrefs(bring, "880", "2026-05-02")
    ahrefs(bring, "900", "2026-06-02")

    assert volumes(site)[0] == 900
    assert KeywordMetric.objects.get().dated == date(2026, 6, 2)


def test_an_older_export_of_a_tool_changes_nothing_that_is_known(bring: Bring, site: Site) -> None:
    ahrefs(bring, "900", "2026-06-02")
    before = everything_stored()

    ahrefs(bring, "880", "2026-05-02")

    assert everything_stored() == before


def test_a_figure_missing_from_a_newer_export_is_not_forgotten(bring: Bring, site: Site) -> None:
    ahrefs(bring, "880", "2026-05-02")
    ahrefs(bring, "", "2026-06-02")

    assert volumes(site)[0] == 880


def test_a_volume_written_by_hand_stays_while_no_tool_knows_better(
    bring: Bring, site: Site
) -> None:
    Keyword.objects.create(site=site, keyword="basil care", normalised="basil care", volume=40)

    bring(PLANNER)
    assert volumes(site)[0] == 40

    ahrefs(bring, "880", "2026-05-02")
    assert volumes(site)[0] == 880


def test_an_ignored_keyword_stays_ignored(bring: Bring, site: Site) -> None:
    bring("keyword\nbasil care\n")
    site.keywords.update(status=Keyword.Status.IGNORED)

    ahrefs(bring, "880", "2026-05-02")

    keyword = site.keywords.get()
    assert (keyword.status, keyword.volume) == (Keyword.Status.IGNORED, 880)


def test_a_mapped_keyword_is_never_moved_nor_renamed(bring: Bring, site: Site) -> None:
    mapped = make_mapped_keyword(make_cluster(site), "basil care", page=3)

    bring("keyword,cluster,page,volume\nBASIL CARE,Herbs,Another page,10\n")

    after = Keyword.objects.get()
    assert after.volume == 10
    for name in ("keyword", "status", "cluster_id", "page", "role"):
        assert getattr(after, name) == getattr(mapped, name)
