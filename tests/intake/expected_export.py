"""What a file of `exports/` must become."""

from dataclasses import dataclass
from datetime import date

from igny8.intake import Row


@dataclass(frozen=True)
class Expected:
    source: str
    encoding: str
    delimiter: str | None
    header_line: int | None
    columns: dict[str, str]
    rows: tuple[Row, ...]
    country: str | None = None
    dated: date | None = None
