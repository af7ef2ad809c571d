"""What a person says about a file where the recognition is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from igny8.intake.countries import read_country
from igny8.intake.errors import UnreadableFile
from igny8.intake.sources import LINES, SOURCES, Source

IGNORE = "ignore"
NO_HEADER = 0
ONE_A_LINE = ""  # no delimiter: each line is one cell
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "none": ONE_A_LINE}
DECIMAL_MARKS = {"point": ".", "comma": ","}
ENCODINGS = (
    "utf-8", "utf-16-le", "utf-16-be", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255",
    "cp1256", "cp1257", "iso-8859-2", "koi8-r", "shift_jis", "euc_kr", "gb18030", "big5",
)  # fmt: skip
KNOWN_SOURCES = {source.name: source for source in (*SOURCES, LINES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What is None is recognised; `columns` says what a header means: a field, or "ignore"."""

    source: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None
    decimal_mark: str | None = None
    country: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def known_source(self) -> Source | None:
        return KNOWN_SOURCES[self.source] if self.source else None


RECOGNISED = Corrections()


def read_corrections(told: Mapping[str, str], columns: Mapping[str, str]) -> Corrections:
    """Words as people choose or type them; an empty one is left to be recognised.

    Raises UnreadableFile.
    """
    return Corrections(
        source=_one_of(told, "source", KNOWN_SOURCES),
        encoding=_one_of(told, "encoding", ENCODINGS),
        delimiter=_sign(told, "delimiter", DELIMITERS),
        header_line=_line(told.get("header_line", "")),
        decimal_mark=_sign(told, "decimal_mark", DECIMAL_MARKS),
        country=_country(told.get("country", "")),
        columns=dict(columns),
    )


def _one_of(
    told: Mapping[str, str], name: str, allowed: Mapping[str, object] | tuple[str, ...]
) -> str | None:
    word = told.get(name, "").strip().casefold()
    if word and word not in allowed:
        raise UnreadableFile(
            f"“{word[:40]}” is no {name.replace('_', ' ')} a file can have here."
            f" Choose one of: {', '.join(allowed)}."
        )
    return word or None


def _sign(told: Mapping[str, str], name: str, signs: Mapping[str, str]) -> str | None:
    """A sign itself, or its word."""
    if (given := told.get(name, "")) and given in signs.values():
        return given
    word = _one_of(told, name, signs)
    return None if word is None else signs[word]


def _line(given: str) -> int | None:
    word = given.strip().casefold()
    if not word:
        return None
    if word == "none":
        return NO_HEADER
    if not (word.isascii() and word.isdigit()):
        raise UnreadableFile("The header row is the number of its line, or none.")
    return int(word[:9])


def _country(given: str) -> str | None:
    if given.strip() and (found := read_country(given)) is None:
        raise UnreadableFile(
            f"“{given.strip()[:40]}” is no country. Give its two letters, such as us."
        )
    return found if given.strip() else None
