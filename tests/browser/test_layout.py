"""Measured, not looked at: how many cards a row, how wide, where the badge stands."""

from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open

RUNNING = "/s/running/automation/"
SIDES: tuple[Literal["x", "y", "width", "height"], ...] = ("x", "y", "width", "height")
Box = dict[str, float]


def boxes(page: Page, selector: str) -> list[Box]:
    found = [element.bounding_box() for element in page.query_selector_all(selector)]
    return [{name: float(box[name]) for name in SIDES} for box in found if box]


def first_row(cards: list[Box]) -> list[Box]:
    return [card for card in cards if abs(card["y"] - cards[0]["y"]) < 2]


@pytest.mark.parametrize(("width", "number"), [(1440, 4), (900, 2), (390, 1)])
def test_stage_cards_stand_four_two_or_one_in_a_row(
    open_page: Open, width: int, number: int
) -> None:
    cards = boxes(open_page(RUNNING, width=width), ".stages > article")

    assert len(cards) == 8
    assert len(first_row(cards)) == number


def test_a_stage_card_takes_a_quarter_less_the_gap(open_page: Open) -> None:
    page = open_page(RUNNING)
    [row] = boxes(page, ".stages")

    for card in boxes(page, ".stages > article"):
        assert 22 <= 100 * card["width"] / row["width"] <= 24


def test_icons_are_32_pixels_and_badges_stand_right_on_the_stages_line(open_page: Open) -> None:
    page = open_page(RUNNING)

    for number in range(1, 7):
        [icon] = boxes(page, f"#stage-{number} .tile")
        [head] = boxes(page, f"#stage-{number} .stage-h")
        [badge] = boxes(page, f"#stage-{number} .badge")
        [title] = boxes(page, f"#stage-{number} h3")
        assert (icon["width"], icon["height"]) == (32, 32)
        assert abs(badge["x"] + badge["width"] - head["x"] - head["width"]) < 1
        middle = badge["y"] + badge["height"] / 2
        assert title["y"] - 2 <= middle <= title["y"] + title["height"] + 2


def test_the_five_metric_cards_are_equally_wide(open_page: Open) -> None:
    cards = boxes(open_page(RUNNING), ".metric")

    assert len(cards) == len(first_row(cards)) == 5
    assert max(c["width"] for c in cards) - min(c["width"] for c in cards) < 1


def test_the_status_card_is_centred_and_narrower_than_the_page(open_page: Open) -> None:
    page = open_page(RUNNING)
    [card], [whole] = boxes(page, ".pstat"), boxes(page, ".page")

    assert card["width"] < 0.6 * whole["width"]
    assert (
        abs((card["x"] - whole["x"]) - (whole["x"] + whole["width"] - card["x"] - card["width"]))
        < 2
    )


def test_colours_of_percentages_and_states_of_bars(open_page: Open) -> None:
    page = open_page(RUNNING)

    assert page.query_selector("#stage-1 .bar.done")
    assert page.query_selector("#stage-1 .tone.is-ok svg"), "100 % has a check mark"
    assert page.query_selector("#stage-4 .bar.on")
    assert page.inner_text("#stage-4 .tone") == "58%"
    assert page.query_selector("#stage-4 .tone.is-warn")
    assert page.query_selector("#stage-5 .bar:not(.on):not(.done):not(.hold)")
    assert page.query_selector("#stage-5 .tone.is-idle")


def test_the_gate_has_its_two_buttons(open_page: Open) -> None:
    page = open_page("/s/completed/automation/")

    assert "Automation Stops Here" in page.inner_text("#stage-7")
    page.focus("#publish-without-review")
    page.wait_for_selector("text=Coming soon", state="visible")  # by keyboard, too
    page.click("#go-to-review")
    page.wait_for_url("**/content/?status=review")


def test_a_menu_opens_beside_its_button(open_page: Open) -> None:
    page = open_page("/s/ready/automation/")
    page.click("#user-menu")
    [button], [menu] = boxes(page, "#user-menu"), boxes(page, "#user-pop")

    assert 0 <= button["y"] - menu["y"] - menu["height"] < 24


def test_a_font_is_fetched_once(open_page: Open) -> None:
    page = open_page("/s/ready/automation/")
    page.wait_for_function("document.fonts.status === 'loaded'")

    fetched = "performance.getEntriesByType('resource').filter(e => /inter-latin-5/.test(e.name))"
    assert page.evaluate(f"{fetched}.length") == 1


def test_what_is_said_does_not_cover_what_is_decided(open_page: Open) -> None:
    page = open_page("/s/completed/review/")
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('away', {detail: {text: 'Said', level: 'error'}}))"
    )
    [bar], [toast] = boxes(page, ".actbar"), boxes(page, ".toast")

    assert toast["y"] + toast["height"] <= bar["y"]


@pytest.mark.parametrize("width", [390, 640, 768, 900, 1024, 1200, 1280, 1366, 1440])
def test_nothing_in_the_schedule_row_lies_over_something_else(open_page: Open, width: int) -> None:
    parts = boxes(open_page(RUNNING, width=width), ".sched > .cell, .sched > .btns")

    for number, part in enumerate(parts):
        for other in parts[number + 1 :]:
            is_beside = part["x"] + part["width"] <= other["x"] + 1
            assert is_beside or part["y"] + part["height"] <= other["y"] + 1


@pytest.mark.parametrize("width", [768, 900, 1280])
def test_the_schedule_row_shows_whole_words(open_page: Open, width: int) -> None:
    page = open_page(RUNNING, width=width)

    cut = "(span) => span.scrollWidth - span.clientWidth"
    assert page.eval_on_selector(".sched .when > span", cut) <= 1
