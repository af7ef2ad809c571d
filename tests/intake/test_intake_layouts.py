"""Headers in every language and generation, wherever they stand."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from igny8.intake import BadRow, Corrections, Export, Row, UnreadableFile, open_export
from igny8.intake.filenames import NameHint, read_name

Imported = Callable[..., tuple[Export, list[Row], list[BadRow]]]
Written = Callable[..., Path]

SEARCH_CONSOLE = {
    "en": "Top queries,Clicks,Impressions,CTR,Position",
    "de": "Häufigste Suchanfragen;Klicks;Impressionen;Klickrate;Durchschnittliche Position",
    "de short": "Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position",
    "fr": "Requêtes les plus fréquentes,Clics,Impressions,CTR,Position",
    "fr long": "Requêtes les plus fréquentes,Clics,Impressions,CTR,Position moyenne",
    "es": "Consultas principales,Clics,Impresiones,CTR,Posición",
    "es long": "Consultas principales,Clics,Impresiones,CTR,Posición media",
    "it": "Query principali,Clic,Impressioni,CTR,Posizione",
    "it long": "Query principali,Clic,Impressioni,CTR,Posizione media",
    "nl": "Populairste zoekopdrachten,Klikken,Vertoningen,CTR,Positie",
    "pl": "Najpopularniejsze zapytania,Kliknięcia,Wyświetlenia,CTR,Pozycja",
    "tr": "En popüler sorgular,Tıklama,Görüntüleme,CTR,Ortalama konum",
    "cs": "Nejčastější dotazy,Kliknutí,Zobrazení,CTR,Průměrná pozice",
    "sv": "Vanligaste sökfrågorna,Klick,Visningar,Klickfrekvens,Genomsnittlig position",
    "ja": "上位のクエリ,クリック数,表示回数,CTR,掲載順位",
    "ko": "인기 검색어,클릭수,노출수,클릭률,평균 게재순위",
    "zh": "热门查询,点击次数,展示次数,点击率,平均排名",
    "ru": "Поисковый запрос,Клики,Показы,CTR,Позиция",
}


@pytest.mark.parametrize("language", SEARCH_CONSOLE)
def test_search_console_is_read_in_every_language(language: str, imported: Imported) -> None:
    header = SEARCH_CONSOLE[language]
    row = "herb;9;300;3,0 %;6,1" if ";" in header else 'herb,9,300,3%,"6,1"'
    export, rows, _ = imported(f"{header}\n{row}\n")
    assert export.source == "google_search_console"
    assert list(export.columns.values()) == ["keyword", "clicks", "impressions", "position"]
    assert rows == [Row(2, "herb", "herb", clicks=9, impressions=300, position=6.1)]


def test_decomposed_letters_in_a_header_are_the_same_header(imported: Imported) -> None:
    header = "Ha\u0308ufigste Suchanfragen,Klicks,Impressionen,Klickrate,Position"
    export, _, _ = imported(f"{header}\nherb,9,300,3%,6\n")
    assert export.source == "google_search_console"


def test_a_comparison_in_search_console_gives_the_first_period(imported: Imported) -> None:
    header = (
        "Top queries,Last 28 days Clicks,Previous 28 days Clicks,Last 28 days Impressions,"
        "Previous 28 days Impressions,Last 28 days Position,Previous 28 days Position"
    )
    _, rows, _ = imported(f"{header}\nherb,9,1,300,2,6.5,3\n")
    assert rows == [Row(2, "herb", "herb", clicks=9, impressions=300, position=6.5)]


@pytest.mark.parametrize(("count", "warned"), [(999, False), (1000, True), (1001, False)])
def test_exactly_a_thousand_rows_of_search_console_are_a_cut_export(
    count: int, warned: bool, imported: Imported
) -> None:
    body = "".join(f"keyword {number},1,2,50%,3\n" for number in range(count))
    export, rows, _ = imported(f"{SEARCH_CONSOLE['en']}\n{body}")
    assert len(rows) == count
    assert any("Exactly 1,000 rows" in warning for warning in export.warnings) is warned


MONTHS = "\t".join(f"Searches: {month} 2025" for month in ("Oct", "Nov", "Dec"))


@pytest.mark.parametrize("extra", ["", "Currency\t", "Currency\tSegmentation\t"])
@pytest.mark.parametrize("blank", ["", "\n"])
def test_keyword_planner_is_read_whatever_columns_it_has(
    extra: str, blank: str, imported: Imported
) -> None:
    cells = {"": "", "Currency\t": "EUR\t", "Currency\tSegmentation\t": "EUR\tAll\t"}[extra]
    text = (
        'Keyword Stats 2026-06-09 at 21_25_18\n"May 1, 2025 - April 30, 2026"\n'
        f"{blank}Keyword\t{extra}Avg. monthly searches\tCompetition\t{MONTHS}\n"
        f"herb garden\t{cells}27100\tHigh\t1\t2\t3\n"
        f"herb kit\t{cells}500\tLow\t\t\t\n"
        f"herb pot\t{cells}500\tLow\t500\t500\t500\n"
        f"herb zzz\t{cells}0\t\t\t\t\n"
        f"herb box\t{cells}1K – 10K\t\t\t\t\n"
    )
    export, rows, bad = imported(b"\xff\xfe" + text.encode("utf-16-le"))
    assert (export.source, export.header_line) == ("google_keyword_planner", 4 if blank else 3)
    assert export.dated == date(2026, 6, 9)
    assert [(row.volume, row.volume_min, row.volume_max, row.is_estimate) for row in rows] == [
        (27100, None, None, False),
        (None, 100, 1000, True),
        (500, None, None, False),
        (None, 0, 10, True),
        (None, 1000, 10000, True),
    ]
    assert {row.currency for row in rows} == ({"EUR"} if extra else {None})
    assert {row.difficulty for row in rows} == {None}
    assert bad == []


def test_buckets_are_told_from_volumes_where_no_month_is_given(imported: Imported) -> None:
    header = "Keyword,Avg. monthly searches,Competition\n"
    _, buckets, _ = imported(f"{header}herb,50,Low\nbasil,5000,High\n")
    assert [row.volume_min for row in buckets] == [10, 1000]
    _, exact, _ = imported(f"{header}herb,50,Low\nbasil,5400,High\n")
    assert [row.volume for row in exact] == [50, 5400]


AHREFS = {
    "2026": "#,Keyword,Country,Difficulty,Volume,CPC,CPS,Parent Keyword,Last Update,SERP Features,"
    "Global volume,Traffic potential,Global traffic potential,First seen,Intents,Languages,"
    "SV trend (09-2024 - 08-2026),SV Forecasting trend (09-2026 - 09-2027),Category",
    "2022": "Keyword,Country,Difficulty,Volume,CPC,CPS,Parent Topic,Last Update,SERP Features,"
    "Global volume,Traffic potential",
    "2020": "#,Keyword,Country,Difficulty,Volume,CPC,Clicks,CPS,Return Rate,Parent Keyword,"
    "Last Update,SERP Features,Global volume",
}


@pytest.mark.parametrize("generation", AHREFS)
def test_every_generation_of_ahrefs_is_read(generation: str, imported: Imported) -> None:
    header = AHREFS[generation].split(",")
    cells = {
        "Keyword": "herb garden",
        "Country": "gb",
        "Difficulty": "21",
        "Volume": '"22,200"',
        "CPC": "0.85",
        "Clicks": "9000",
        "Parent Keyword": "herbs",
        "Parent Topic": "herbs",
        "Global volume": "99000",
        "SV trend (09-2024 - 08-2026)": '"10,20,30"',
    }
    row = ",".join(cells.get(name, "") for name in header)
    export, rows, _ = imported(f"{','.join(header)}\n{row}\n")
    assert export.source == "ahrefs_keywords_explorer"
    assert rows == [
        Row(
            2,
            "herb garden",
            "herb garden",
            volume=22200,
            difficulty=21,
            cpc=0.85,
            country="gb",
            cluster="herbs",
        )
    ]


def test_ahrefs_with_every_cell_quoted_and_tabs_is_read(imported: Imported) -> None:
    lines = ['"#"\t"Keyword"\t"Volume"\t"CPS"', '"1"\t"""grow lights"" for herbs"\t"10"\t""']
    text = "\r\n".join(lines) + "\r\n"
    export, rows, _ = imported(b"\xff\xfe" + text.encode("utf-16-le"))
    assert (export.source, export.delimiter) == ("ahrefs_keywords_explorer", "\t")
    assert rows == [Row(2, '"grow lights" for herbs', '"grow lights" for herbs', volume=10)]


@pytest.mark.parametrize(
    ("header", "source"),
    [
        (
            "Keyword,Intent,Volume,Keyword Difficulty,CPC (USD),SERP Features",
            "semrush_keyword_magic",
        ),
        (
            "Keyword,Volume,Trend,Keyword Difficulty,CPC,Competitive Density",
            "semrush_keyword_magic",
        ),
        ("database;Keyword;Search Volume;Keyword Difficulty Index;Intent", "semrush_api"),
        ("Keyword,Monthly Volume,Difficulty,Organic CTR,Priority", "moz"),
        ("Keyword,Vol,CPC,PD,SD", "ubersuggest"),
        ("keyword,keyword_info_search_volume,keyword_info_cpc", "dataforseo"),
        ("Cluster,Hub,Keyword,Search Volume,Cluster total,Rank,URL,Title", "keyword_insights"),
        ("Cluster name,Keyword,Search Volume,Context,Rank,URL", "keyword_insights"),
        ("Phrase,Searches", "csv"),
    ],
)
def test_other_generations_are_told_by_their_headers(
    header: str, source: str, imported: Imported
) -> None:
    delimiter = ";" if ";" in header else ","
    export, rows, _ = imported(
        f"{header}\n{delimiter.join('7' for _ in header.split(delimiter))}\n"
    )
    assert (export.source, len(rows)) == (source, 1)


def test_what_is_no_volume_and_no_difficulty_never_becomes_one(imported: Imported) -> None:
    header = "Keyword,Global volume,Impressions,Competition,Paid Difficulty,Traffic potential"
    _, rows, _ = imported(f"{header}\nherb,900,5,0.98,44,70\n")
    assert rows == [Row(2, "herb", "herb", impressions=5)]


def test_the_narrower_grouping_is_kept_when_there_are_several(imported: Imported) -> None:
    export, rows, _ = imported("Keyword,Parent Keyword,Cluster,URL\nherb,herbs,pots,https://a/\n")
    assert (rows[0].cluster, rows[0].page) == ("pots", "https://a/")
    assert export.ignored == {"Parent Keyword": "“Cluster” is used as cluster"}


def test_a_header_that_is_there_twice_counts_once(imported: Imported) -> None:
    export, rows, _ = imported("Keyword,Volume,Volume,Keyword\nherb,10,20,basil\n")
    assert rows == [Row(2, "herb", "herb", volume=10)]
    assert "The column “Volume” is there more than once; the first is used." in export.warnings


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_is_found_below_a_preamble_with_any_delimiter(
    delimiter: str, imported: Imported
) -> None:
    table = f"Keyword,Volume,Notes\nherb,10,a\n{'x' * 9},20,b\n".replace(",", delimiter)
    export, rows, _ = imported(f"Report of today, with comma\n\n\n{table}")
    assert (export.delimiter, export.header_line) == (delimiter, 4)
    assert [(row.line, row.volume) for row in rows] == [(5, 10), (6, 20)]


def test_a_decimal_comma_is_seen_in_the_column_or_in_the_file(imported: Imported) -> None:
    _, rows, _ = imported(
        "\ufeffKeyword;Volume;Difficulty;CPC\na;1.200;52;0,85\nb;900;7,5;1.234\nc;12;;1.234,5\n"
    )
    assert [row.cpc for row in rows] == [0.85, 1234, 1234.5]
    assert [row.difficulty for row in rows] == [52, 7.5, None]
    assert [row.volume for row in rows] == [1200, 900, 12]


def test_prices_keep_the_currency_they_are_written_in(imported: Imported) -> None:
    export, rows, _ = imported("Keyword,CPC\na,$1.25\nb,€0.85\nc,3\nd,\n")
    assert [(row.cpc, row.currency) for row in rows] == [
        (1.25, "USD"),
        (0.85, "EUR"),
        (3, None),
        (None, None),
    ]
    assert "Prices are in EUR, USD." in export.warnings


def test_a_metric_that_is_no_number_is_unknown_and_warned_about(imported: Imported) -> None:
    export, rows, bad = imported("Keyword,Volume,Difficulty,CPC\na,10,hard,-1\nb,20,500,0.2\n")
    assert [(row.difficulty, row.cpc) for row in rows] == [(None, None), (None, 0.2)]
    assert bad == []
    assert any("difficulty" in warning and "“hard”" in warning for warning in export.warnings)
    assert any("cpc" in warning and "“-1”" in warning for warning in export.warnings)


def test_columns_can_be_mapped_by_hand(imported: Imported) -> None:
    mapping = {"Was": "keyword", "wie oft": "volume", "Volume": "ignore"}
    export, rows, _ = imported("Was,Wie oft,Volume\nherb,10,999\n", mapping=mapping)
    assert rows == [Row(2, "herb", "herb", volume=10)]
    assert export.columns == {"Was": "keyword", "Wie oft": "volume"}


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ({"Nothing": "volume"}, "names “Nothing”, which the file does not have"),
        ({"Volume": "popularity"}, "“popularity” is no field"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    mapping: dict[str, str], complaint: str, written: Written
) -> None:
    with pytest.raises(UnreadableFile, match=complaint):
        open_export(written("Keyword,Volume\na,1\n"), corrections=Corrections(columns=mapping))


def test_a_table_without_a_known_keyword_column_lists_its_headers(written: Written) -> None:
    with pytest.raises(UnreadableFile, match=r"“Thing”, “Amount”.*name it Keyword"):
        open_export(written("Thing,Amount\nherb,1\nbasil,2\n"))


def test_a_single_column_is_read_line_by_line(imported: Imported) -> None:
    export, rows, _ = imported('Keyword\nherb\nbasil, thyme\n"sage, dried"\n')
    assert (export.source, export.header_line, export.delimiter) == ("csv", 1, None)
    assert [row.keyword for row in rows] == ["herb", "basil, thyme", "sage, dried"]


def test_lines_with_commas_are_keywords_when_a_space_follows(imported: Imported) -> None:
    export, rows, _ = imported("basil, thyme\nsage, mint\n", name="list.txt")
    assert (export.source, len(rows)) == ("lines", 2)


@pytest.mark.parametrize(
    ("name", "country", "day"),
    [
        ("google_gb_herbs_matching-terms_2026-05-02_10-11-12.csv", "gb", date(2026, 5, 2)),
        ("herb-garden_broad-match_uk_2026-05-01.csv", "gb", date(2026, 5, 1)),
        ("herbs_all-keywords_de_2026-05-01.xlsx", "de", date(2026, 5, 1)),
        (
            "example.com-organic.Positions-us-20260501-2026-05-02T10_00_00Z.csv",
            "us",
            date(2026, 5, 1),
        ),
        ("herbs_clusters_2026-05-03.csv", None, date(2026, 5, 3)),
        ("Keyword Stats 2026-05-09 at 21_25_18.csv", None, date(2026, 5, 9)),
        ("https___example.com_-Performance-on-Search-2026-05-02.zip", None, date(2026, 5, 2)),
        ("my_zz_2026-13-45.csv", None, None),
        ("keywords.csv", None, None),
    ],
)
def test_market_and_day_are_read_from_the_file_name(
    name: str, country: str | None, day: date | None
) -> None:
    assert read_name(name) == NameHint(country, day)


def test_the_name_a_file_was_uploaded_under_counts(written: Written) -> None:
    path = written("Keyword,Volume\nherb,1\n", "upload.tmp")
    export = open_export(path, name="herb_broad-match_us_2026-05-01.csv")
    assert (export.country, export.dated) == ("us", date(2026, 5, 1))
    assert [row.country for row in export.rows() if isinstance(row, Row)] == ["us"]


@pytest.mark.parametrize(
    ("cell", "country"),
    [
        ("us", "us"),
        ("UK", "gb"),
        ("en-AU", "au"),
        ("United Kingdom", "gb"),
        ("Deutschland", "de"),
        ("2826", "gb"),
        ("mobile-us", "us"),
        ("google.co.uk", "gb"),
        ("Atlantis", None),
    ],
)
def test_countries_are_understood_as_tools_write_them(
    cell: str, country: str | None, imported: Imported
) -> None:
    _, rows, _ = imported(f"Keyword,Country\nherb,{cell}\n")
    assert rows[0].country == country
