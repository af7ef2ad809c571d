"""The rows of the exports of Google, Moz, Ubersuggest and DataForSEO, and of plain lines."""

from datetime import date

from igny8.intake import Row

from .expected_export import Expected

PLANNER_COLUMNS = {"Keyword": "keyword", "Currency": "currency", "Avg. monthly searches": "volume"}


def bucket(line: int, keyword: str, low: int, high: int) -> Row:
    return Row(
        line, keyword, keyword, volume_min=low, volume_max=high, is_estimate=True, currency="USD"
    )


OTHER_TOOLS = {
    "Keyword Stats 2026-05-09 at 21_25_18.csv": Expected(
        "google_keyword_planner",
        "utf-16-le",
        "\t",
        3,
        PLANNER_COLUMNS,
        (
            Row(4, "herb garden", "herb garden", volume=27100, currency="USD"),
            Row(5, "herb garden kit", "herb garden kit", volume=5400, currency="USD"),
        ),
        dated=date(2026, 5, 9),
    ),
    "gkp_low_spend_buckets.csv": Expected(
        "google_keyword_planner",
        "utf-16-le",
        "\t",
        3,
        PLANNER_COLUMNS,
        (
            bucket(4, "herb garden", 10_000, 100_000),
            bucket(5, "herb garden kit", 1_000, 10_000),
            bucket(6, "herb tower diy", 10, 100),
            bucket(7, "herb zzz", 0, 10),
        ),
        dated=date(2026, 5, 9),
    ),
    "Queries.csv": Expected(
        "google_search_console",
        "utf-8",
        ",",
        1,
        {
            "Top queries": "keyword",
            "Clicks": "clicks",
            "Impressions": "impressions",
            "Position": "position",
        },
        (
            Row(
                2,
                "herb garden ideas",
                "herb garden ideas",
                impressions=5400,
                clicks=120,
                position=8.4,
            ),
            Row(
                3,
                "basil, thyme and mint together",
                "basil, thyme and mint together",
                impressions=300,
                clicks=9,
                position=6.1,
            ),
        ),
    ),
    "Suchanfragen.csv": Expected(
        "google_search_console",
        "utf-8-sig",
        ";",
        1,
        {
            "Häufigste Suchanfragen": "keyword",
            "Klicks": "clicks",
            "Impressionen": "impressions",
            "Position": "position",
        },
        (
            Row(
                2,
                "kräuter im topf",
                "kräuter im topf",
                impressions=12345,
                clicks=1200,
                position=8.4,
            ),
            Row(3, "minze", "minze", impressions=40, clicks=5, position=10.25),
        ),
    ),
    "moz_list.csv": Expected(
        "moz",
        "utf-8",
        ",",
        8,
        {
            "Keyword": "keyword",
            "Locale": "country",
            "Min Volume": "volume_min",
            "Max Volume": "volume_max",
            "Difficulty": "difficulty",
        },
        (
            Row(
                9,
                "herb garden",
                "herb garden",
                volume_min=30301,
                volume_max=70800,
                is_estimate=True,
                difficulty=52,
                country="us",
            ),
            Row(10, "herbs, dried", "herbs, dried", country="gb"),
        ),
        dated=date(2018, 3, 4),
    ),
    "moz_suggestions.csv": Expected(
        "moz",
        "utf-8",
        ",",
        1,
        {
            "Keyword": "keyword",
            "Locale": "country",
            "Volume Range": "volume",
            "Difficulty": "difficulty",
        },
        (
            Row(
                2,
                "herb garden",
                "herb garden",
                volume_min=118001,
                volume_max=300000,
                is_estimate=True,
                difficulty=52,
                country="us",
            ),
            Row(3, "herb zzz", "herb zzz", country="us"),
        ),
        country="us",
    ),
    "ubersuggest_ideas.csv": Expected(
        "ubersuggest",
        "utf-8-sig",
        ",",
        1,
        {
            "Keyword": "keyword",
            "Search Intent": "intents",
            "Search Volume": "volume",
            "Cost per Click": "cpc",
            "Search Difficulty": "difficulty",
        },
        (
            Row(
                2,
                "herbs, indoor",
                "herbs, indoor",
                volume=900,
                difficulty=22,
                cpc=0.75,
                intents=("informational",),
            ),
            Row(
                3, "herb kit", "herb kit", volume=500, difficulty=18, cpc=9, intents=("commercial",)
            ),
        ),
    ),
    "ubersuggest_older.csv": Expected(
        "ubersuggest",
        "utf-8",
        ",",
        1,
        {"Keyword": "keyword", "Volume": "volume", "CPC": "cpc", "SEO Difficulty": "difficulty"},
        (
            Row(
                2,
                "herb garden",
                "herb garden",
                volume=27100,
                difficulty=52,
                cpc=0.71,
                currency="USD",
            ),
            Row(
                3,
                "herb kit",
                "herb kit",
                volume_min=0,
                volume_max=10,
                is_estimate=True,
                difficulty=18,
            ),
        ),
    ),
    "dataforseo_flat.csv": Expected(
        "dataforseo",
        "utf-8",
        ",",
        1,
        {
            "keyword": "keyword",
            "location_code": "country",
            "keyword_info.search_volume": "volume",
            "keyword_info.cpc": "cpc",
            "keyword_properties.keyword_difficulty": "difficulty",
            "search_intent_info.main_intent": "intents",
        },
        (
            Row(
                2,
                "herb garden",
                "herb garden",
                volume=33100,
                difficulty=52,
                cpc=0.71,
                intents=("informational",),
                country="us",
            ),
        ),
        country="us",
    ),
    "dataforseo_underscores.csv": Expected(
        "dataforseo",
        "utf-8",
        ",",
        1,
        {
            "keyword": "keyword",
            "location_code": "country",
            "keyword_info__search_volume": "volume",
            "keyword_info__cpc": "cpc",
            "keyword_properties__keyword_difficulty": "difficulty",
            "search_intent_info__main_intent": "intents",
        },
        (
            Row(
                2,
                "herb garden",
                "herb garden",
                volume=33100,
                difficulty=52,
                cpc=0.71,
                intents=("commercial",),
                country="gb",
            ),
            Row(3, "herb zzz", "herb zzz", country="gb"),
        ),
        country="gb",
    ),
    "plain_list.txt": Expected(
        "lines",
        "utf-8",
        None,
        None,
        {},
        (
            Row(1, "herb garden", "herb garden"),
            Row(2, "herb garden kit", "herb garden kit"),
            Row(4, "Herb Garden", "herb garden"),
            Row(5, "basil vs mint", "basil vs mint"),
        ),
    ),
}
