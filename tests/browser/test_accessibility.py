"""axe-core finds nothing, in light and dark, on pages and in dialogs."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import AXE, Open
from tests.browser.places import DIALOGS, PAGES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THEMES = ("light", "dark")


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_violation(open_page: Open, name: str, theme: Any) -> None:
    for width in (1440, 390):
        page = open_page(PAGES[name], width=width, color_scheme=theme, reduced_motion="reduce")
        assert violations(page) == [], f"{name}, {width}"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_has_no_violation(open_page: Open, name: str, theme: Any) -> None:
    path, opener = DIALOGS[name]
    page = open_page(path, color_scheme=theme, reduced_motion="reduce")
    page.click(opener)
    page.wait_for_selector("dialog[open]")
    assert violations(page) == []


def test_reduced_motion_stops_every_animation(open_page: Open) -> None:
    page = open_page("/s/running/automation/", reduced_motion="reduce")

    running = page.evaluate(
        "document.getAnimations().filter(a => a.playState === 'running').length"
    )
    assert running == 0
