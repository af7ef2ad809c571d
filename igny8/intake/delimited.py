"""Delimited text as records with their lines, whatever its quotation marks do."""

import csv
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _csv import Reader

MAX_LINE = 131_072  # characters; also the field limit of the csv module
MAX_RECORD_LINES = 200
MAX_REREAD_LINES = 20_000  # after that a record has one line, so that no file takes long
NOT_CLOSED = "A quotation mark is opened here and not closed."

Record = tuple[int, list[str] | str]  # the line it starts on; its cells, or why there are none


class _Unfinished(Exception):
    """The record being read cannot be finished; the message is the reason."""


class _LineFeed:
    """Hands lines to the csv module, remembers those of the record being read, takes them back."""

    def __init__(self, stream: TextIO, *, skip: int = 0) -> None:
        self.line = sum(1 for _ in islice(stream, skip))
        self._read = partial(stream.readline, MAX_LINE + 1)
        self._again: deque[str] = deque()
        self.held: list[str] = []
        self._most_lines = MAX_RECORD_LINES
        self._rereadable = MAX_REREAD_LINES

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self.line += 1
        self.held.append(line)
        if len(line) > MAX_LINE:
            self._skip_rest(line)
            raise _Unfinished(f"The line is longer than {MAX_LINE:,} characters.")
        if len(self.held) > self._most_lines:
            raise _Unfinished(NOT_CLOSED)
        return line

    @property
    def first(self) -> int:
        """The line on which the record being read starts."""
        return self.line - len(self.held) + 1

    def give_back(self) -> None:
        """All lines of the record but its first are read again."""
        again = self.held[1:]
        self._again.extendleft(reversed(again))
        self.line -= len(again)
        self._rereadable -= len(again)
        if self._rereadable < 0:
            self._most_lines = 1
        self.held.clear()

    def _skip_rest(self, line: str) -> None:
        while line and not line.endswith(("\n", "\r")):
            line = self._read()
        self.held[-1] = "\n"


def read_records(
    open_text: Callable[[], TextIO], delimiter: str, *, width: int | None, giant_lines: bool
) -> Iterator[Record]:
    """The records of a text; one that its quotation marks swallow is given as its reason.

    `width` is the number of cells a record of several lines must have to be believed.
    Reads at full speed up to the first record that is not exactly one line.
    """
    parse = partial(csv.reader, delimiter=delimiter, skipinitialspace=True)
    read = 0
    if not giant_lines and csv.field_size_limit() <= MAX_LINE:
        with open_text() as stream, suppress(csv.Error):
            reader = parse(stream)
            for line, cells in enumerate(reader, 1):
                if reader.line_num != line:
                    break
                yield line, cells
                read = line
            else:
                return
    with open_text() as stream:
        yield from _careful_records(_LineFeed(stream, skip=read), parse, width)


def _careful_records(
    feed: _LineFeed, parse: Callable[..., "Reader"], width: int | None
) -> Iterator[Record]:
    while True:
        try:
            for cells in parse(feed):
                if len(feed.held) > 1 and not _is_well_formed(feed.held, parse, width):
                    raise _Unfinished(NOT_CLOSED)
                yield feed.first, cells
                feed.held.clear()
        except (_Unfinished, csv.Error) as reason:
            yield feed.first, _sentence(reason)
            feed.give_back()
        else:
            return


def _is_well_formed(lines: list[str], parse: Callable[..., "Reader"], width: int | None) -> bool:
    try:
        (cells,) = parse(lines, strict=True)
    except (csv.Error, ValueError):
        return False
    return width is None or len(cells) == width


def _sentence(reason: Exception) -> str:
    if isinstance(reason, _Unfinished):
        return str(reason)
    return f"The line cannot be split into cells ({reason})."


def read_lines(open_text: Callable[[], TextIO]) -> Iterator[Record]:
    """Every line as one cell."""
    with open_text() as stream:
        feed = _LineFeed(stream)
        while True:
            try:
                for line in feed:
                    yield feed.line, [_unquoted(line.strip())]
                    feed.held.clear()
            except _Unfinished as reason:
                yield feed.line, str(reason)
                feed.give_back()
            else:
                return


def _unquoted(line: str) -> str:
    inner = line[1:-1]
    if len(line) > 1 and line[0] == line[-1] == '"' and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return line
