"""Every page and dialog: no violation by axe-core, no sideways scrolling, light and dark."""

from collections.abc import Iterable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import AXE, Open
from tests.browser.places import DIALOGS, OPEN, PAGES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Each layout and each theme is looked at; contrast does not depend on the width, so not all pairs.
LOOKS: dict[int, tuple[Literal["light", "dark"], ...]] = {
    1440: ("light", "dark"),
    900: ("light",),
    390: ("dark",),
    320: (),
}
OF_A_DIALOG = (1440, 390)
RUNNING = "document.getAnimations().filter(a => a.playState === 'running').length"


def violations(page: Page) -> list[str]:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def look_at(page: Page, *, widths: Iterable[int] = LOOKS) -> None:
    page.wait_for_load_state("networkidle")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{over} pixels too wide at {width}"
        for theme in LOOKS[width]:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert violations(page) == [], f"{width}, {theme}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_violation_and_fits(open_page: Open, name: str) -> None:
    look_at(open_page(PAGES[name]))


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_has_no_violation_and_fits(open_page: Open, name: str) -> None:
    path, *clicks = DIALOGS[name]
    page = open_page(path)
    for click in clicks:
        page.click(click)
    page.wait_for_selector(OPEN)
    look_at(page, widths=OF_A_DIALOG)


def test_reduced_motion_stops_every_animation(open_page: Open) -> None:
    page = open_page("/s/running/automation/", reduced_motion="reduce")

    assert page.evaluate(RUNNING) == 0
