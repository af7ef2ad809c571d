"""Markets: two-letter country codes from codes, names in sixteen languages and location numbers.

`countries.csv` is made from Unicode CLDR and ISO 3166-1; `names` are separated by `|`.
"""

import csv
import re
from functools import cache
from importlib.resources import files

LOCATION_OFFSET = 2000  # DataForSEO and Google Ads number a country 2000 + its ISO 3166 number


def read_country(text: str) -> str | None:
    """The lower-case ISO code of what a cell calls a country, a locale or a database."""
    folded = " ".join(text.casefold().split())
    if not folded or len(folded) > 80:
        return None
    return _known().get(folded) or _of_locale(folded)


def _of_locale(folded: str) -> str | None:
    """`en-US`, `fr_ca` and `mobile-us` end in the country; `google.co.uk` does too."""
    found = re.fullmatch(r"(?:[a-z]{2,6}[-_]|google\.(?:com?\.)?)([a-z]{2})", folded)
    return _known().get(found[1]) if found else None


@cache
def all_countries() -> tuple[tuple[str, str], ...]:
    """Code and English name, by name."""
    named = [(place["code"], place["names"].split("|")[0]) for place in _places()]
    return tuple(sorted(named, key=lambda each: each[1]))


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for place in _places():
        code = place["code"]
        names = [code, str(LOCATION_OFFSET + int(place["numeric"])), *place["names"].split("|")]
        known.update(dict.fromkeys((name.casefold() for name in names), code))
    return known


def _places() -> list[dict[str, str]]:
    with (files("igny8.intake") / "countries.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
