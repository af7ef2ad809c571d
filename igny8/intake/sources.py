"""Which tool wrote a table, told by the headers only it writes."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from igny8.intake.headers import FIELDS, LOOSE_QUERIES, SEARCH_CONSOLE_QUERIES


@dataclass(frozen=True, slots=True)
class Source:
    """A tool's export: any one of its signatures, a set of header keys, gives it away."""

    name: str
    label: str
    signatures: tuple[frozenset[str], ...] = ()
    ignored: dict[str, str] = field(default_factory=dict)  # headers that mean something else here


def _any_of(*signatures: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(signature.split(" + ")) for signature in signatures)


CSV = Source("csv", "CSV")
LINES = Source("lines", "Plain lines")
SEARCH_CONSOLE = Source(
    "google_search_console",
    "Google Search Console",
    (
        *(frozenset((query,)) for query in SEARCH_CONSOLE_QUERIES),
        *(
            frozenset((query, metric))
            for query in LOOSE_QUERIES
            for metric in (*FIELDS["clicks"], *FIELDS["impressions"])
        ),
    ),
)
KEYWORD_PLANNER = Source(
    "google_keyword_planner",
    "Google Keyword Planner",
    _any_of(
        "avg monthly searches",
        "avg monthly searches exact match only",
        "top of page bid low range",
        "durchschnittl suchanfragen pro monat",
        "durchschnittliche monatliche suchanfragen",
        "recherches mensuelles moyennes",
        "nbre moy de recherches par mois",
        "promedio de búsquedas mensuales",
        "media delle ricerche mensili",
        "gem aantal zoekopdrachten per maand",
        "śr mies liczba wyszukiwań",
        "ort aylık arama sayısı",
        "月間平均検索ボリューム",
        "월간 평균 검색량",
        "平均每月搜索量",
        "média de pesquisas mensais",
        "среднее число запросов в месяц",
    ),
)

# In this order: the first whose signature is there. The narrower ones come first.
SOURCES = (
    Source(
        "ahrefs_site_explorer",
        "Ahrefs Site Explorer",
        _any_of(
            "keyword + current position + current url",
            "keyword + current organic traffic",
            "keyword + kd + previous url",
            "keyword + kd + current url",
        ),
    ),
    Source(
        "ahrefs_keywords_explorer",
        "Ahrefs Keywords Explorer",
        _any_of(
            "keyword + cps",
            "keyword + return rate",
            "keyword + traffic potential",
            "keyword + parent keyword + difficulty",
            "keyword + parent topic + difficulty",
            "keyword + global volume + difficulty",
        ),
        ignored={"clicks": "clicks on the whole results page, not on your site"},
    ),
    Source(
        "semrush_strategy_builder",
        "Semrush Keyword Strategy Builder",
        _any_of(
            "keyword + seed keyword",
            "keyword + page + page type",
            "keyword + page + topic + keyword difficulty",
        ),
    ),
    Source(
        "semrush_organic_positions",
        "Semrush Organic Positions",
        _any_of(
            "keyword + position + traffic cost",
            "keyword + position + previous position + search volume",
            "keyword + serp features by keyword",
            "keyword + position type",
        ),
    ),
    Source(
        "semrush_api",
        "Semrush API",
        _any_of(
            "keyword + keyword difficulty index",
            "keyword + search volume + number of results + competition",
            "database + keyword + search volume",
        ),
    ),
    Source(
        "semrush_keyword_magic",
        "Semrush Keyword Magic Tool",
        _any_of(
            "keyword + competitive density",
            "keyword + keyword difficulty + serp features",
            "keyword + keyword difficulty + trend",
            "keyword + keyword difficulty + volume + intent",
        ),
    ),
    KEYWORD_PLANNER,
    SEARCH_CONSOLE,
    Source(
        "moz",
        "Moz Keyword Explorer",
        _any_of(
            "keyword + min volume + max volume",
            "keyword + volume range",
            "keyword + organic ctr",
            "keyword + monthly volume + difficulty",
            "keyword + relevance + difficulty",
        ),
    ),
    Source(
        "ubersuggest",
        "Ubersuggest",
        _any_of(
            "keyword + search difficulty",
            "keyword + paid difficulty",
            "keyword + pd + sd",
            "keyword + seo difficulty",
        ),
    ),
    Source(
        "dataforseo",
        "DataForSEO",
        _any_of(
            "keyword + keyword info search volume",
            "keyword + keyword properties keyword difficulty",
            "keyword + search volume + location code",
            "keyword + search volume + competition level",
        ),
    ),
    Source(
        "keyword_insights",
        "Keyword Insights",
        _any_of(
            "keyword + cluster total",
            "keyword + cluster + hub",
            "keyword + cluster name + context",
            "keyword + cluster name + rank",
            "keyword + cluster name + hub name",
            "keyword + cluster + intent context",
            "keyword + hub + search volume",
            "keyword + cluster + context",
            "keyword + cluster + search volume + rank + url",
        ),
    ),
    CSV,
)


def source_of(keys: AbstractSet[str]) -> Source:
    """The tool whose headers these are; `csv` when no tool gives itself away."""
    matching = (
        source for source in SOURCES if any(signature <= keys for signature in source.signatures)
    )
    return next(matching, CSV)
