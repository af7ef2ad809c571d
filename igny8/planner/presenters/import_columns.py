"""What a file was recognised as, as selects that a person can change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from igny8.intake import Corrections
from igny8.intake.corrections import DECIMAL_MARKS as MARK_SIGNS
from igny8.intake.corrections import DELIMITERS as SIGNS
from igny8.intake.corrections import ENCODINGS as ALLOWED_ENCODINGS
from igny8.intake.corrections import IGNORE, KNOWN_SOURCES
from igny8.intake.countries import all_countries
from igny8.intake.sources import CSV
from igny8.intake.survey import Column, Survey
from igny8.planner.import_choices import (
    COLUMN,
    DECIMAL_MARKS,
    DECISIONS,
    DELIMITERS,
    ENCODINGS,
    FIELDS,
)
from igny8.planner.models import KeywordImport

RECOGNISED = "As recognised"
NOT_SAID = "Not said"
NONE = "none"


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Select:
    """The first option leaves it to the recognition."""

    name: str
    options: tuple[Option, ...]
    hint: str

    @property
    def label(self) -> str:
        return DECISIONS[self.name]

    @property
    def is_changed(self) -> bool:
        return not self.options[0].is_chosen


@dataclass(frozen=True)
class ColumnRow:
    header: str
    select: Select
    values: tuple[str, ...]
    note: str
    is_off: bool
    is_needed: bool


@dataclass(frozen=True)
class ColumnsCard:
    """`problem` is why the file cannot be checked like this."""

    heading: str
    is_recognised: bool
    decisions: tuple[Select, ...]
    rows: tuple[ColumnRow, ...]
    about_rows: int
    problem: str


def columns_card(
    found: KeywordImport, seen: Survey, told: Corrections, *, problem: str = ""
) -> ColumnsCard:
    return ColumnsCard(
        heading=seen.source.label,
        is_recognised=seen.source is not CSV and not told.source,
        decisions=tuple(_decisions(seen, told)),
        rows=tuple(_row(column, told) for column in seen.columns),
        about_rows=found.about_rows,
        problem=problem or seen.problem,
    )


def _decisions(seen: Survey, told: Corrections) -> Iterable[Select]:
    why = seen.reasons
    yield _select(
        "source",
        {name: source.label for name, source in KNOWN_SOURCES.items()},
        now=seen.source.name,
        told=told.source,
        hint=why.source,
    )
    if not seen.is_workbook:
        yield from _of_text(seen, told)
    yield _select(
        "header_line",
        {str(line): f"Line {line}: {text}" for line, text in seen.lines} | {NONE: "There is none"},
        now=_line(seen.header_line),
        told=None if told.header_line is None else _line(told.header_line),
        hint=why.header_line,
    )
    yield _select(
        "decimal_mark",
        DECIMAL_MARKS,
        now=_word(MARK_SIGNS, seen.decimal_mark),
        told=_word(MARK_SIGNS, told.decimal_mark),
        hint=why.decimal_mark,
    )
    countries = dict(all_countries())
    yield _select("country", countries, now=seen.country, told=told.country, hint=why.country)


def _of_text(seen: Survey, told: Corrections) -> Iterable[Select]:
    """What a workbook does not leave open."""
    yield _select(
        "encoding",
        {name: ENCODINGS[name] for name in ALLOWED_ENCODINGS},
        now=seen.encoding,
        told=told.encoding,
        hint=seen.reasons.encoding,
    )
    yield _select(
        "delimiter",
        DELIMITERS,
        now=_word(SIGNS, seen.delimiter),
        told=_word(SIGNS, told.delimiter),
        hint=seen.reasons.delimiter,
    )


def _line(number: int | None) -> str:
    return str(number) if number else NONE


def _word(signs: Mapping[str, str], sign: str | None) -> str | None:
    return next((word for word, known in signs.items() if known == sign), None)


def _select(
    name: str, words: Mapping[str, str], *, now: str | None, told: str | None, hint: str = ""
) -> Select:
    """Offers whatever is not there already."""
    first = RECOGNISED if told else words.get(now or "") or ENCODINGS.get(now or "", NOT_SAID)
    left = ((value, word) for value, word in words.items() if told or value != now)
    options = [Option("", first, is_chosen=not told)]
    options += [Option(value, word, is_chosen=value == told) for value, word in left]
    return Select(name, tuple(options), hint)


def _row(column: Column, told: Corrections) -> ColumnRow:
    chosen = told.columns.get(column.header)
    now = column.becomes or IGNORE
    select = _select(f"{COLUMN}{column.header}", FIELDS, now=now, told=chosen)
    return ColumnRow(
        header=column.header,
        select=select,
        values=column.values,
        note="Left out by you" if chosen == IGNORE else column.note,
        is_off=column.becomes is None,
        is_needed=column.becomes == "keyword",
    )
