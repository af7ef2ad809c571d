"""Files of tools and languages that no fixture stands for, as people bring them."""

from collections.abc import Callable

import pytest

from igny8.intake import BadRow, Export, Row

Imported = Callable[..., tuple[Export, list[Row], list[BadRow]]]


@pytest.mark.parametrize(
    ("text", "encoding", "rows"),
    [
        pytest.param(
            "\ufeffMot-clé;Volume de recherche;Difficulté;CPC\nnappe ronde;1\u202f300;32;0,45 €\n",
            "utf-8",
            [Row(2, "nappe ronde", "nappe ronde", 1300, difficulty=32, cpc=0.45, currency="EUR")],
            id="French, semicolons",
        ),
        pytest.param(
            "Palabra clave;Volumen;Dificultad\ncésped artificial;12.100;7\nniño;90;\n",
            "latin-1",
            [
                Row(2, "césped artificial", "césped artificial", 12100, difficulty=7),
                Row(3, "niño", "niño", 90),
            ],
            id="Spanish, Latin-1",
        ),
        pytest.param(
            "Keyword;Volume;Сложность\nсад;1 200;5\n",
            "cp1251",
            [Row(2, "сад", "сад", 1200, difficulty=5)],
            id="Russian, Windows",
        ),
        pytest.param(
            "\ufeffKeyword-Statistiken 2026-06-09 um 21_25_18\n1. Mai 2025 - 30. April 2026\n"
            "Keyword\tWährung\tDurchschnittl. Suchanfragen pro Monat\tWettbewerb\n"
            "kräutergarten\tEUR\t1.300\tHoch\n",
            "utf-16-le",
            [Row(4, "kräutergarten", "kräutergarten", 1300, currency="EUR")],
            id="Keyword Planner in German",
        ),
        pytest.param(
            "Exported by Tool X\nDate: 2026-01-01\n\nKeyword|Search Volume|KD\nherb|1.2K|12\n",
            "utf-8",
            [Row(5, "herb", "herb", 1200, difficulty=12)],
            id="preamble and bars",
        ),
        pytest.param(
            "sep=;\nKeyword;Volume\nherb;10\n",
            "utf-8",
            [Row(3, "herb", "herb", 10)],
            id="a line for Excel",
        ),
        pytest.param(
            "Keyword,Volume\rherb,10\rbasil,20\r",
            "utf-8",
            [Row(2, "herb", "herb", 10), Row(3, "basil", "basil", 20)],
            id="carriage returns",
        ),
        pytest.param(
            '"Keyword";"Search Volume (Avg)";"KD%"\r\n"=""herb garden""";"=""1200""";"45%"\r\n',
            "utf-8",
            [Row(2, "herb garden", "herb garden", 1200, difficulty=45)],
            id="cells that force text",
        ),
        pytest.param(
            '"Keywords","CPC [USD]","PPC","Search","KD"\n"herb garden","0.55","77","2400","31"\n',
            "utf-8",
            [
                Row(
                    *(2, "herb garden", "herb garden", 2400),
                    difficulty=31,
                    cpc=0.55,
                    currency="USD",
                )
            ],
            id="the currency in brackets",
        ),
        pytest.param(
            "Keyword;Search vol.;Difficulty;CPC;Competition\nherb;880;34;$0.75;0.9\n",
            "utf-8",
            [Row(2, "herb", "herb", 880, difficulty=34, cpc=0.75, currency="USD")],
            id="a short word for volume",
        ),
        pytest.param(
            "Volume,Keyword\n10,herb\n", "utf-8", [Row(2, "herb", "herb", 10)], id="volume first"
        ),
    ],
)
def test_a_file_nobody_has_seen_is_read_all_the_same(
    text: str, encoding: str, rows: list[Row], imported: Imported
) -> None:
    _, found, bad = imported(text.encode(encoding))

    assert found == rows
    assert bad == []


@pytest.mark.parametrize(
    "header",
    [
        "Schwierigkeit", "Difficulté", "Dificultad de la palabra clave", "Difficoltà", "Trudność",
        "Moeilijkheid", "Zorluk", "Dificuldade", "キーワード難易度", "키워드 난이도", "关键词难度",
    ],
)  # fmt: skip
def test_difficulty_is_known_in_many_languages(header: str, imported: Imported) -> None:
    _, rows, _ = imported(f"Keyword,{header}\nherb,12\n")

    assert [row.difficulty for row in rows] == [12]
