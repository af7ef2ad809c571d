"""The keyboard is enough."""

from tests.browser.conftest import Open

COMPLETED = "/s/completed/automation/"


def test_control_k_finds_a_page_and_goes_there(open_page: Open) -> None:
    page = open_page(COMPLETED)
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    page.keyboard.type("runs")
    page.keyboard.press("Enter")
    page.wait_for_url("**/runs/")


def test_the_sheet_of_shortcuts_opens_and_closes(open_page: Open) -> None:
    page = open_page(COMPLETED)
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")
    assert "Go to runs" in page.inner_text("#shortcuts")
    page.keyboard.press("Escape")
    page.wait_for_selector("#shortcuts:not([open])", state="attached")


def test_g_and_a_letter_go_to_a_page(open_page: Open) -> None:
    page = open_page(COMPLETED)
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/content/")


def test_single_letters_can_be_switched_off(open_page: Open) -> None:
    page = open_page(COMPLETED)
    page.keyboard.press("?")
    page.click("[data-single-keys]")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_timeout(300)
    assert page.url.endswith(COMPLETED)


def test_a_run_is_started_by_keys_alone(open_page: Open) -> None:
    page = open_page("/s/ready/automation/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("n")
    page.wait_for_selector("#dialog[open] form")
    for _ in range(20):
        page.keyboard.press("Tab")
        if "Start run" in page.evaluate("document.activeElement.textContent"):
            break
    assert "Start run" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert "Run now" in page.inner_text("#shortcuts")


def test_every_control_of_the_page_is_reached_with_tab(open_page: Open) -> None:
    page = open_page("/s/completed/automation/")
    wanted = page.evaluate(
        "[...document.querySelectorAll('main a[href], main button, main [tabindex=\"0\"]')]"
        ".filter((e) => e.checkVisibility()).length"
    )
    reached: list[bool] = []
    page.focus("#main")
    for _ in range(wanted):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.matches('main *:focus-visible')"))
    assert wanted > 10
    assert all(reached)


def test_j_and_k_walk_through_the_articles(open_page: Open) -> None:
    page = open_page("/s/completed/review/")
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("k")
    page.wait_for_url(first)


def test_the_drawer_closes_with_escape_and_gives_the_focus_back(open_page: Open) -> None:
    page = open_page(COMPLETED, width=390)
    page.click("[data-menu]")
    page.wait_for_selector("#side.drawer")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.hasAttribute('data-menu')")


def test_dialogs_give_the_focus_back(open_page: Open) -> None:
    page = open_page("/s/ready/automation/")
    page.focus("#row-configure")
    page.keyboard.press("Enter")
    page.wait_for_selector("#dialog[open]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "row-configure"
