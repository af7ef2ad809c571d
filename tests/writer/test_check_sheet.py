"""Findings as they stand beside an article."""

from decimal import Decimal
from typing import Any

import pytest

from igny8.writer.check_sheet import check_sheet, cost_text, lowest, numbers_of, tone_of
from igny8.writer.models import Content, Inspection


def finding(severity: str, *places: tuple[str, int, str], more: int = 0) -> dict[str, Any]:
    return {
        "code": "a_check",
        "title": "A check",
        "score": "on_page",
        "severity": severity,
        "message": f"It is {severity}.",
        "advice": "Mend it.",
        "places": [{"part": part, "line": line, "quote": quote} for part, line, quote in places],
        "more": more,
    }


def inspection(*findings: dict[str, Any], **values: Any) -> Inspection:
    return Inspection(findings=list(findings), **values)


def test_the_worst_comes_first_and_what_passes_stands_apart() -> None:
    sheet = check_sheet(
        inspection(finding("improve"), finding("good"), finding("problem"), finding("improve")), ()
    )

    assert [row.look.tone for row in sheet.to_look_at] == ["bad", "warn", "warn"]
    assert (sheet.problems, sheet.improvements, len(sheet.passed), sheet.looked) == (1, 2, 1, 4)


def test_a_place_leads_to_what_begins_there_or_before() -> None:
    places = [("body", 7, "seven"), ("body", 9, "nine"), ("body", 1, "one")]
    [row] = check_sheet(inspection(finding("problem", *places)), (3, 7)).to_look_at

    assert [spot.anchor for spot in row.spots] == ["line-7", "line-7", "article-title"]


def test_a_place_outside_of_the_text_leads_to_where_it_is_shown() -> None:
    places = [("meta_title", 0, ""), ("images", 0, ""), ("primary_keyword", 0, "Another article")]
    [row] = check_sheet(inspection(finding("improve", *places)), ()).to_look_at

    assert [(spot.anchor, spot.text) for spot in row.spots] == [
        ("search-preview", "the SEO title"),
        ("pictures", "the images"),
        ("facts", "Another article"),
    ]


def test_many_places_are_three_and_the_rest_when_asked_for() -> None:
    places = [("body", line, "x" * 200) for line in range(1, 9)]
    [row] = check_sheet(inspection(finding("improve", *places, more=4)), (1,)).to_look_at

    assert (len(row.spots), len(row.more_spots), row.unlisted) == (3, 5, 4)
    assert len(row.spots[0].text) == 70


@pytest.mark.parametrize(
    ("value", "tone"), [(None, "idle"), (0, "bad"), (49, "bad"), (50, "warn"), (80, "ok")]
)
def test_a_number_has_its_tone(value: int | None, tone: str) -> None:
    assert tone_of(value) == tone


def test_the_lowest_number_is_named() -> None:
    found = lowest(numbers_of(90, None, 40))
    assert found is not None
    assert (found.title, found.value, found.word) == ("Integrity", 40, "low")
    assert lowest(numbers_of(None, None, None)) is None


@pytest.mark.parametrize(
    ("text", "images", "unknown", "by", "said"),
    [
        ("0", "0", False, "sample:sample", "0 (sample)"),
        ("5.21", "7.6", False, "acme:one", "5.2 + 7.6 images"),
        ("5.21", "0", False, "acme:one", "5.2"),
        ("0", "0", True, "acme:one", "price unknown"),
        ("5", "0", True, "acme:one", "5.0, some prices unknown"),
    ],
)
def test_what_it_cost_is_said(text: str, images: str, unknown: bool, by: str, said: str) -> None:
    spent = inspection(
        text_credits=Decimal(text), image_credits=Decimal(images), has_unknown_price=unknown
    )
    assert cost_text(Content(generated_by=by), spent) == said
