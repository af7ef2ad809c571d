"""Letters arrive as they were written, or the file is refused; never in silence as others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from igny8.intake import BadRow, Export, Row, UnreadableFile, open_export, open_text

Imported = Callable[..., tuple[Export, list[Row], list[BadRow]]]
Written = Callable[..., Path]

TEXT = "Keyword,Volume\nkräuter für café,100\nminze,20\n"


@pytest.mark.parametrize(
    ("codec", "bom", "label"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32-le", b"\xff\xfe\x00\x00", "utf-32-le"),
        ("latin-1", b"", "cp1252"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_the_encoding_is_found(codec: str, bom: bytes, label: str, imported: Imported) -> None:
    export, rows, bad = imported(bom + TEXT.encode(codec))
    assert export.encoding == label
    assert [(row.keyword, row.volume) for row in rows] == [("kräuter für café", 100), ("minze", 20)]
    assert bad == []


@pytest.mark.parametrize(
    ("codec", "keyword"),
    [
        ("cp1252", "l’été à Münster – “basilic”"),
        ("cp1250", "zioła w doniczce na parapet"),
        ("cp1251", "купить семена базилика"),
    ],
)
def test_a_guessed_encoding_is_right_and_warned_about(
    codec: str, keyword: str, imported: Imported
) -> None:
    export, rows, _ = imported(f"Keyword;Volume\n{keyword};5\n".encode(codec))
    assert [row.keyword for row in rows] == [keyword]
    assert any(f"read as {codec}" in warning for warning in export.warnings)


@pytest.mark.parametrize("codec", ["cp932", "gbk", "euc-kr", "big5"])
def test_letters_that_cannot_be_told_are_refused_with_what_to_do(
    codec: str, written: Written
) -> None:
    words = {
        "cp932": "盆栽の育て方",
        "gbk": "盆栽养护方法",
        "euc-kr": "허브 정원 가꾸기",
        "big5": "盆栽養護方法",
    }
    content = f"Keyword,Volume\n{words[codec]},100\n".encode(codec)
    with pytest.raises(UnreadableFile, match="Save it as UTF-8"):
        open_export(written(content))


def test_one_damaged_character_costs_its_row_only(imported: Imported) -> None:
    content = "Keyword,Volume\n" + "kräuter größe,1\n" * 3
    damaged = content.encode() + b"caf\xe9,2\n" + b"minze,3\n"
    export, rows, bad = imported(damaged)
    assert [row.volume for row in rows] == [1, 1, 1, 3]
    assert bad == [BadRow(5, "The row holds a character that could not be decoded.")]
    assert any("damaged" in warning for warning in export.warnings)


def test_a_file_cut_off_within_a_character_keeps_its_whole_rows(imported: Imported) -> None:
    _, rows, bad = imported("Keyword,Volume\nkräuter,1\ncafé".encode()[:-1])
    assert [row.keyword for row in rows] == ["kräuter"]
    assert [row.line for row in bad] == [3]


def test_a_letter_far_down_the_file_decides_too(imported: Imported) -> None:
    many = "".join(f"{'keyword ' * 25}{number},5\n" for number in range(6_000))
    export, rows, _ = imported(f"Keyword,Volume\n{many}kräuter,7\n".encode("cp1252"))
    assert export.encoding == "cp1252"
    assert rows[-1].keyword == "kräuter"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_one(end: str, imported: Imported) -> None:
    _, rows, _ = imported(f'Keyword,Volume{end}"herb, dried",100{end}basil,200{end}')
    assert [(row.line, row.keyword) for row in rows] == [(2, "herb, dried"), (3, "basil")]


def test_pasted_lines_and_pasted_tables_are_read() -> None:
    lines = open_text("herb garden\n\n  Basil vs mint \r\n")
    assert (lines.source, lines.delimiter, lines.header_line) == ("lines", None, None)
    assert [row.keyword for row in lines.rows() if isinstance(row, Row)] == [
        "herb garden",
        "Basil vs mint",
    ]
    table = open_text("Keyword\tVolume\nherb\t1.2K\n")
    assert [row.volume for row in table.rows() if isinstance(row, Row)] == [1200]


def test_pasted_text_with_half_a_character_costs_that_line_only() -> None:
    assert [type(row) for row in open_text("herb\ud800\nbasil").rows()] == [BadRow, Row]


def test_an_empty_paste_says_what_to_paste() -> None:
    with pytest.raises(UnreadableFile, match="Paste one keyword a line"):
        open_text(" \n ")
