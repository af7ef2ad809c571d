"""The headings of the parts that every article has, in the language of the article."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "frame_headings.csv"
USUAL = "en"


def questions_heading(language: str) -> str:
    return _row(language)["questions"]


def conclusion_heading(language: str) -> str:
    return _row(language)["conclusion"]


@cache
def all_frame_headings() -> frozenset[str]:
    """In every language: none of these sections gets a picture."""
    return frozenset(
        text for row in _rows().values() for name, text in row.items() if name != "language"
    )


def _row(language: str) -> Mapping[str, str]:
    return _rows().get(language.casefold().split("-")[0], _rows()[USUAL])


@cache
def _rows() -> Mapping[str, Mapping[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["language"]: row for row in csv.DictReader(file)}
