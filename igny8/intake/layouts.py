"""Where a table's header is, which tool wrote it and which of its columns mean what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from igny8.intake.corrections import IGNORE, NO_HEADER, Corrections
from igny8.intake.errors import UnknownColumn, UnreadableFile
from igny8.intake.headers import (
    FIELDS,
    INTENT_FLAGS,
    KEYWORD_HEADERS,
    MONTHLY,
    header_key,
    ignored_reason,
    is_known,
)
from igny8.intake.sources import SEARCH_CONSOLE, Source, source_of

HEADER_ROWS = 40
MAX_COLUMNS = 500

Cells = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Header:
    """A header row: its line, its cells and how many of them are words we know."""

    line: int
    cells: tuple[str, ...]
    known: int


@dataclass(slots=True)
class Layout:
    """What each column of a table is for; indexes count from 0."""

    header: Header
    source: Source
    index: dict[str, int] = field(default_factory=dict)  # field → column
    flags: tuple[tuple[int, str], ...] = ()  # yes/no columns, one an intent
    monthly: tuple[int, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)  # header → field
    ignored: dict[str, str] = field(default_factory=dict)  # header → reason
    repeated: list[str] = field(default_factory=list)
    clash: str = ""  # two columns were given one meaning


def find_header(sample: Sequence[Cells], corrections: Corrections) -> Header | None:
    """The header row among the first rows of a table, None if no row names a keyword column.

    Raises UnreadableFile when a line was chosen that cannot be one.
    """
    keyword_keys = KEYWORD_HEADERS | {
        header_key(theirs) for theirs, ours in corrections.columns.items() if ours == "keyword"
    }
    if corrections.header_line is not None:
        return _chosen_header(sample, corrections.header_line, keyword_keys)
    widest, best = 0, None
    for line, cells in sample[:HEADER_ROWS]:
        header = _as_header(line, cells, keyword_keys)
        if header and (header.known > 2 or len(cells) > widest):
            best = header if best is None or header.known > best.known else best
        widest = max(widest, sum(1 for cell in cells if cell.strip()))
    return best


def _chosen_header(
    sample: Sequence[Cells], chosen: int, keyword_keys: frozenset[str]
) -> Header | None:
    """Columns without a header are numbered; a single one is a list and needs no name."""
    if chosen == NO_HEADER:
        width = max((len(cells) for _, cells in sample), default=0)
        names = tuple(f"Column {number}" for number in range(1, width + 1))
        return Header(NO_HEADER, names, 0) if width > 1 else None
    cells = dict(sample[:HEADER_ROWS]).get(chosen)
    if cells is None:
        raise UnreadableFile(f"Line {chosen} is no header: it is empty, or too far down.")
    return _header(chosen, cells, keyword_keys)


def _as_header(line: int, cells: list[str], keyword_keys: frozenset[str]) -> Header | None:
    if keyword_keys.isdisjoint(map(header_key, cells[: 2 * MAX_COLUMNS])):
        return None
    return _header(line, cells, keyword_keys)


def _header(line: int, cells: list[str], keyword_keys: frozenset[str]) -> Header:
    keys = map(header_key, cells[: 2 * MAX_COLUMNS])
    known = sum(1 for key in keys if key in keyword_keys or is_known(key))
    return Header(line, tuple(cell.strip().strip("\ufeff") for cell in cells), known)


def lay_out(header: Header, corrections: Corrections, sample: Sequence[Cells]) -> Layout:
    """Give every column its meaning; what somebody said of a column goes first."""
    if len(header.cells) > MAX_COLUMNS:
        raise UnreadableFile(
            f"The table has {len(header.cells):,} columns; {MAX_COLUMNS} are allowed."
            " Keep the columns you need and import it again."
        )
    keys = [header_key(cell) for cell in header.cells]
    layout = Layout(header, corrections.known_source or source_of(set(keys)))
    layout.monthly = tuple(at for at, key in enumerate(keys) if MONTHLY.search(key))
    _place_mapped(layout, keys, corrections.columns)
    _place_known(layout, keys)
    _place_only(layout)
    if layout.source is SEARCH_CONSOLE:
        _place_first_period(layout, keys)
    _place_flags(layout, keys, sample)
    _explain_rest(layout, keys)
    return layout


def _place_mapped(layout: Layout, keys: list[str], mapping: Mapping[str, str]) -> None:
    for theirs, ours in mapping.items():
        if header_key(theirs) not in keys:
            raise UnknownColumn(
                f"The column mapping names “{theirs}”, which the file does not have."
                f" Its headers are: {listed(layout.header.cells)}."
            )
        if ours not in FIELDS and ours != IGNORE:
            raise UnreadableFile(
                f"“{ours}” is no field a column can be mapped to."
                f" Choose one of: {', '.join(FIELDS)} or {IGNORE}."
            )
        at = keys.index(header_key(theirs))
        if ours == IGNORE:
            layout.ignored[layout.header.cells[at]] = "left out by your column mapping"
        elif ours in layout.index:
            first = layout.header.cells[layout.index[ours]]
            layout.clash = (
                f"“{first}” and “{layout.header.cells[at]}” both become {ours}; choose one."
            )
        else:
            _place(layout, ours, at)


def _place_known(layout: Layout, keys: list[str]) -> None:
    for ours, names in FIELDS.items():
        if ours in layout.index:
            continue
        candidates = (name for name in names if name in keys and name not in layout.source.ignored)
        free = (at for at in map(keys.index, candidates) if _is_free(layout, at))
        if (at := next(free, None)) is not None:
            _place(layout, ours, at)


def _place_only(layout: Layout) -> None:
    """A table of one column holds keywords, whatever stands over them."""
    if len(layout.header.cells) == 1 and not layout.index and not layout.ignored:
        _place(layout, "keyword", 0)


def _place_first_period(layout: Layout, keys: list[str]) -> None:
    """A comparison in Search Console has two columns a metric; the first is the current period."""
    for ours in ("clicks", "impressions", "position"):
        if ours in layout.index:
            continue
        words = FIELDS[ours]
        found = (at for at, key in enumerate(keys) if any(word in key for word in words))
        if (at := next(found, None)) is not None:
            _place(layout, ours, at)


def _place_flags(layout: Layout, keys: list[str], sample: Sequence[Cells]) -> None:
    if "intents" in layout.index:
        return
    flags = [(keys.index(word), word) for word in INTENT_FLAGS if word in keys]
    free = ((at, word) for at, word in flags if _is_free(layout, at))
    layout.flags = tuple((at, word) for at, word in free if _is_yes_or_no(at, layout, sample))
    for at, _ in layout.flags:
        layout.columns[layout.header.cells[at]] = "intents"


def _is_yes_or_no(at: int, layout: Layout, sample: Sequence[Cells]) -> bool:
    below = (cells for line, cells in sample if line > layout.header.line and len(cells) > at)
    return all(
        cells[at].strip().casefold() in {"true", "false", "1", "0", "yes", "no", ""}
        for cells in below
    )


def _place(layout: Layout, ours: str, at: int) -> None:
    layout.index[ours] = at
    layout.columns[layout.header.cells[at]] = ours


def _is_free(layout: Layout, at: int) -> bool:
    return at not in layout.index.values() and layout.header.cells[at] not in layout.ignored


def _explain_rest(layout: Layout, keys: list[str]) -> None:
    """A reason for every column that is not used; a repeated header counts once, the first."""
    seen: set[str] = set()
    for at, (cell, key) in enumerate(zip(layout.header.cells, keys, strict=True)):
        if key and key in seen:
            layout.repeated.append(cell)
        elif key and cell not in layout.columns and cell not in layout.ignored:
            layout.ignored[cell] = _reason(layout, at, key)
        seen.add(key)


def _reason(layout: Layout, at: int, key: str) -> str:
    if key in layout.source.ignored:
        return layout.source.ignored[key]
    if reason := ignored_reason(key):
        return reason
    used = next(
        (ours for ours, names in FIELDS.items() if key in names and ours in layout.index), None
    )
    if used:
        return f"“{layout.header.cells[layout.index[used]]}” is used as {used}"
    return "not known"


def listed(headers: Sequence[str]) -> str:
    """Headers as a person reads them, the first dozen."""
    shown = ", ".join(f"“{cell.strip()[:40]}”" for cell in headers[:12] if cell.strip())
    return f"{shown} and {len(headers) - 12} more" if len(headers) > 12 else shown
