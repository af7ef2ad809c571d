"""A table of text, of a sheet or of plain lines: records with their line, read again at will."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from igny8.intake.corrections import ONE_A_LINE, Corrections
from igny8.intake.delimited import Record, read_lines, read_records
from igny8.intake.encodings import Opener, TextEncoding, find_encoding
from igny8.intake.errors import NoKeywordColumn, UnreadableFile
from igny8.intake.layouts import HEADER_ROWS, Cells, Header, find_header, listed

SAMPLE_ROWS = 400
MAX_SAMPLE = 2_000_000  # characters
TRIED = ("\t", ";", ",", "|")
MIN_TABULAR_SHARE = 0.9
_TIGHT_COMMA = re.compile(r",(?=\S)")  # a comma before a space separates words, not columns
MARKUP = ("<!doctype", "<html", "<?xml", "<svg", '{"', "{\n", '[{"', "[\n", "{\\rtf")
MAX_FILTERS = 20  # rows of the table that names an export's filters


class Table(Protocol):
    """Records of cells; `has_nul` says that NUL or undecodable characters may be among them."""

    @property
    def encoding(self) -> str: ...
    @property
    def delimiter(self) -> str | None: ...
    @property
    def has_nul(self) -> bool: ...
    @property
    def warning(self) -> str | None: ...

    def records(self, width: int | None = None) -> Iterator[Record]: ...


@dataclass(frozen=True, slots=True)
class TextTable:
    """Text in a file, an archive's entry or a text field; no delimiter means one cell a line."""

    opener: Opener
    text: TextEncoding
    delimiter: str | None

    @property
    def encoding(self) -> str:
        return self.text.label

    @property
    def has_nul(self) -> bool:
        return self.text.has_nul

    @property
    def warning(self) -> str | None:
        return self.text.warning

    def records(self, width: int | None = None) -> Iterator[Record]:
        open_text = partial(self.text.open, self.opener)
        if self.delimiter is None:
            return read_lines(open_text)
        return read_records(
            open_text, self.delimiter, width=width, giant_lines=self.text.giant_lines
        )


def sample_of(table: Table, rows: int = SAMPLE_ROWS) -> list[Cells]:
    """The first records that can be read and are not blank."""
    taken: list[Cells] = []
    size = 0
    for line, cells in table.records():
        if isinstance(cells, list) and any(cells):
            taken.append((line, cells))
            size += sum(map(len, cells))
            if len(taken) == rows or size > MAX_SAMPLE:
                break
    return taken


def find_text_table(opener: Opener, corrections: Corrections) -> tuple[TextTable, Header | None]:
    """The table a text holds and its header; without a header it is a list of plain lines.

    Raises UnreadableFile when there are columns but none is known to hold the keyword.
    """
    text = find_encoding(opener, chosen=corrections.encoding)
    samples = {
        delimiter: sample_of(TextTable(opener, text, delimiter), HEADER_ROWS)
        for delimiter in _delimiters_in(text, opener, corrections.delimiter)
    }
    headers = {at: find_header(sample, corrections) for at, sample in samples.items()}
    wide = {at: found for at, found in headers.items() if found and len(found.cells) > 1}
    if wide:
        delimiter = max(wide, key=lambda at: (wide[at].known, len(wide[at].cells)))
        return TextTable(opener, text, delimiter), wide[delimiter]
    lines = TextTable(opener, text, None)
    first = sample_of(lines, HEADER_ROWS)
    if header := find_header(first, corrections):
        return lines, header
    _refuse_other_texts("\n".join(cells[0] for _, cells in first), samples)
    return lines, None


def _delimiters_in(text: TextEncoding, opener: Opener, chosen: str | None) -> list[str]:
    if chosen is not None:
        return [] if chosen == ONE_A_LINE else [chosen]
    with text.open(opener) as stream:
        head = stream.read(1 << 16)
    return [delimiter for delimiter in TRIED if delimiter in head]


def _refuse_other_texts(start: str, samples: Mapping[str, list[Cells]]) -> None:
    """Only lines of their own are a list of keywords."""
    if not start:
        raise UnreadableFile("There is nothing in it. Give one keyword a line, or a table.")
    if start.lstrip().casefold().startswith(MARKUP):
        raise UnreadableFile(
            "This is a web page or a data dump, not a list of keywords."
            " Export the keywords as CSV, XLSX or ZIP."
        )
    for delimiter, sample in samples.items():
        if _is_tabular(sample) and (delimiter != "," or _TIGHT_COMMA.search(start)):
            line, cells = sample[0]
            raise no_keyword_column(cells, line, delimiter)


def _is_tabular(sample: list[Cells]) -> bool:
    widths = [len(cells) for _, cells in sample]
    same = sum(1 for width in widths if width == widths[0])
    return len(widths) > 1 and widths[0] > 1 and same >= MIN_TABULAR_SHARE * len(widths)


_OTHER_PARTS = {
    "filter": "Search Console keeps its keywords in Queries.csv; import that or the whole ZIP.",
    "top pages": "Search Console keeps its keywords in Queries.csv; import that or the whole ZIP.",
}


def no_keyword_column(headers: Sequence[str], line: int, delimiter: str | None) -> NoKeywordColumn:
    """The refusal of a table whose keyword column is not known."""
    advice = _OTHER_PARTS.get(
        headers[0].strip().casefold(),
        "Map one of them to keyword, or name it Keyword in the file, and import it again.",
    )
    return NoKeywordColumn(
        f"No column is known to hold the keyword. The headers found are: {listed(headers)}."
        f" {advice}",
        line=line,
        delimiter=delimiter,
    )


def text_opener(text: str) -> Opener:
    """Opens a text that is already in memory."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    encoded = whole.encode()
    return lambda: io.BytesIO(encoded)
