"""What a file's name says: tools write the market and the date into it."""

import re
from dataclasses import dataclass
from datetime import date

from igny8.intake.countries import read_country

_DAY = r"(?P<year>20\d\d)-?(?P<month>\d\d)-?(?P<day>\d\d)"
_NAMES = (
    re.compile(rf"google_(?P<country>[a-z]{{2}})_.*?{_DAY}(?:_\d\d-\d\d-\d\d)?"),  # Ahrefs
    re.compile(rf"-(?:organic|adwords)\.positions-(?P<country>[a-z]{{2}})-{_DAY}"),  # Semrush
    re.compile(rf"_(?P<country>[a-z]{{2}})_{_DAY}"),  # Semrush Keyword Magic
    re.compile(rf"(?<!\d){_DAY}(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class NameHint:
    """The market and the day a file name tells, None where it does not."""

    country: str | None = None
    dated: date | None = None


def read_name(name: str) -> NameHint:
    """The hints of one file name, whichever tool gave it."""
    for pattern in _NAMES:
        if found := pattern.search(name.casefold()):
            parts = found.groupdict()
            return NameHint(read_country(parts.get("country") or ""), _day(parts))
    return NameHint()


def _day(parts: dict[str, str]) -> date | None:
    try:
        return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError:
        return None
