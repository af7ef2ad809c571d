"""From the cells of a record to a Row, through one reader a column made before the first row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Generic, TypeVar

from igny8.intake.countries import read_country
from igny8.intake.intents import read_intents
from igny8.intake.keywords import CONTROL, Unusable, clean
from igny8.intake.layouts import Layout
from igny8.intake.numbers import NotANumber, currency_of, decimal_mark, read_figure
from igny8.intake.rows import BadRow, Draft, Row, text_of
from igny8.intake.sources import KEYWORD_PLANNER

MAX_REMEMBERED = 20_000
MAX_REMEMBERED_LENGTH = 200
MAX_DIFFICULTY = 100
MAX_HINT = 255
MAX_PLAIN = 12  # digits that are certainly below the largest volume
MAX_URL = 2_000
BUCKETS = {
    "0": (0, 10),
    "50": (10, 100),
    "500": (100, 1_000),
    "5000": (1_000, 10_000),
    "50000": (10_000, 100_000),
    "500000": (100_000, 1_000_000),
    "5000000": (1_000_000, 10_000_000),
}
YES = frozenset({"true", "1", "yes"})

Answer = TypeVar("Answer")
Volume = tuple[int | None, int | None, int | None, bool]  # value, low, high, whether an estimate


@dataclass(frozen=True, slots=True)
class Marks:
    """The decimal mark somebody chose, else the one a column proves, else the likely one."""

    likely: str
    chosen: str | None = None


class Remembered(dict[str, Answer], Generic[Answer]):
    """A reader of cells that remembers its answers: exports repeat most of their cells."""

    def __init__(self, read: Callable[[str], Answer]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> Answer:
        if len(cell) > MAX_REMEMBERED_LENGTH:
            return self._read(cell)
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        answer = self[cell] = self._read(cell)
        return answer


class RowReader:
    """Makes rows of one layout; what it met on the way is in its attributes."""

    FIELDS = (
        "keyword", "volume", "volume_min", "volume_max", "difficulty", "cpc", "currency", "intents",
        "country", "cluster", "page", "impressions", "clicks", "position",
    )  # fmt: skip

    def __init__(
        self,
        layout: Layout,
        sample: Sequence[list[str]],
        marks: Marks,
        country: str | None,
        group: str | None,
    ) -> None:
        self._width = len(layout.header.cells)
        self._pick = itemgetter(*(layout.index.get(name, -1) for name in self.FIELDS))
        self._flags = layout.flags
        self._sample = sample
        self._layout = layout
        self._marks = marks
        self.unread: dict[str, str] = {}  # field → the first cell that was no number
        self._group = group
        self.estimates = 0
        self._make_readers(country)
        self._monthly = itemgetter(*layout.monthly, -1) if self._may_have_buckets() else None

    def _make_readers(self, country: str | None) -> None:
        self._volume = Remembered(self._read_volume)
        self._bound = Remembered(lambda cell: read_volume(cell)[0])
        self._difficulty = Remembered(self._metric("difficulty", MAX_DIFFICULTY))
        self._price = Remembered(self._price_reader())
        self._position = Remembered(self._metric("position"))
        self._impressions = Remembered(self._count("impressions"))
        self._clicks = Remembered(self._count("clicks"))
        self._intents = Remembered(read_intents)
        self._currency = Remembered(currency_of)
        self._country = Remembered(lambda cell: read_country(cell) or country)

    def read(self, line: int, cells: list[str]) -> Row | BadRow:
        """One record as a row, or the reason it is none."""
        if len(cells) != self._width and not self._fit(cells):
            return BadRow(line, _misaligned(len(cells), self._width), text_of(cells))
        cells.append("")
        (
            keyword, volume, low, high, difficulty, cpc, currency, intents,
            country, cluster, page, impressions, clicks, position,
        ) = self._pick(cells)  # fmt: skip
        try:
            shown, normalised = clean(keyword)
            if volume.isdigit() and volume.isascii() and len(volume) < MAX_PLAIN:
                figures: Volume = (int(volume), None, None, False)
            else:
                figures = self._volume[volume]
            if low or high:
                figures = self._bounded(figures[0], low, high)
        except (Unusable, NotANumber) as reason:
            return BadRow(line, str(reason), text_of(cells))
        if self._monthly and volume in BUCKETS and not any(self._monthly(cells)):
            figures = (None, *BUCKETS[volume], True)
        self.estimates += figures[3]
        price, price_currency = self._price[cpc]
        row = Draft(
            line,
            shown,
            normalised,
            *figures,
            self._difficulty[difficulty],
            price,
            self._currency[currency] or price_currency,
            self._flagged(cells) if self._flags else self._intents[intents],
            self._country[country],
            (cluster and _hint(cluster, MAX_HINT)) or self._group,
            (page and _hint(page, MAX_URL)) or None,
            self._impressions[impressions],
            self._clicks[clicks],
            self._position[position],
        )
        row.__class__ = Row
        return row  # type: ignore[no-any-return]  # a draft is Any until it is a Row

    def currencies(self) -> set[str]:
        """The currencies met so far; empty when prices came without one."""
        of_prices = (currency for _, currency in self._price.values())
        return set(filter(None, (*of_prices, *self._currency.values())))

    def _fit(self, cells: list[str]) -> bool:
        """Bring a short record, or one with empty cells too many, to the width of the header."""
        if any(cells[self._width :]):
            return False
        del cells[self._width :]
        cells.extend([""] * (self._width - len(cells)))
        return True

    def _bounded(self, value: int | None, low: str, high: str) -> Volume:
        least, most = self._bound[low], self._bound[high]
        if least is None and most is None:
            return value, None, None, False
        return value, least, most, value is None

    def _flagged(self, cells: list[str]) -> tuple[str, ...]:
        return tuple(word for at, word in self._flags if cells[at].strip().casefold() in YES)

    def _read_volume(self, cell: str) -> Volume:
        try:
            return read_volume(cell)
        except NotANumber as reason:
            raise NotANumber(f"Search volume: {reason}") from None

    def _metric(self, name: str, most: float = float("inf")) -> Callable[[str], float | None]:
        mark = self._marks.chosen or decimal_mark(self._cells_of(name)) or self._marks.likely

        def read(cell: str) -> float | None:
            value = read_figure(cell, mark=mark).value
            if value is not None and value > most:
                raise NotANumber(f"“{cell}” is more than {most:g}.")
            return value

        return self._or_unknown(name, read)

    def _count(self, name: str) -> Callable[[str], int | None]:
        return self._or_unknown(name, lambda cell: read_volume(cell)[0])

    def _or_unknown(
        self, name: str, read: Callable[[str], Answer | None]
    ) -> Callable[[str], Answer | None]:
        """A metric that is no number is unknown; only a search volume makes its row bad."""

        def read_or_note(cell: str) -> Answer | None:
            try:
                return read(cell)
            except NotANumber:
                self.unread.setdefault(name, cell[:40])
                return None

        return read_or_note

    def _cells_of(self, name: str) -> Iterable[str]:
        at = self._layout.index.get(name)
        return () if at is None else (cells[at] for cells in self._sample if len(cells) > at)

    def _price_reader(self) -> Callable[[str], tuple[float | None, str | None]]:
        read = self._metric("cpc")
        in_header = self._currency_in_header()

        def read_price(cell: str) -> tuple[float | None, str | None]:
            price = read(cell)
            return price, None if price is None else currency_of(cell) or in_header

        return read_price

    def _currency_in_header(self) -> str | None:
        """The currency after the name of the price column, as in `CPC (USD)`."""
        if (at := self._layout.index.get("cpc")) is None:
            return None
        return currency_of(" ".join(self._layout.header.cells[at].split()[1:]))

    def _may_have_buckets(self) -> bool:
        """Keyword Planner gives accounts that spend little one of seven round figures."""
        if self._layout.source is not KEYWORD_PLANNER or "volume" not in self._layout.index:
            return False
        return bool(self._layout.monthly) or all(
            cell in BUCKETS or not cell for cell in self._cells_of("volume")
        )


def read_volume(cell: str) -> Volume:
    """A whole number, a range, or unknown; raises NotANumber."""
    if cell.isascii() and cell.isdigit() and len(cell) < MAX_PLAIN:
        return int(cell), None, None, False
    figure = read_figure(cell, whole=True)
    return _whole(figure.value), _whole(figure.low), _whole(figure.high), figure.is_estimate


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def _hint(cell: str, longest: int) -> str | None:
    text = " ".join(cell.split())
    return text if text and len(text) <= longest and not CONTROL.search(text) else None


def _misaligned(found: int, expected: int) -> str:
    return (
        f"The row has {found} cells, the header {expected};"
        " a text that holds the separator must stand in quotation marks."
    )


def file_mark(sample: Sequence[list[str]], delimiter: str | None) -> str:
    """The decimal mark of a table: what its cells prove, else what its delimiter suggests."""
    proven = decimal_mark(cell for cells in sample for cell in cells if _is_numeric(cell))
    return proven or ("," if delimiter == ";" else ".")


def _is_numeric(cell: str) -> bool:
    try:
        return len(cell) < 20 and read_figure(cell).value is not None
    except NotANumber:
        return False
