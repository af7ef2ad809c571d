"""The dialog before a run, and where the keyboard is left by what it does."""

from playwright.sync_api import expect

from tests.browser.conftest import Open

READY = "/s/ready/automation/"
FOCUSED = "document.activeElement.textContent.trim()"


def test_what_is_chosen_is_priced_before_it_is_started(open_page: Open) -> None:
    page = open_page("/s/dear/automation/")
    page.click("#row-run-now")
    page.wait_for_selector("#dialog[open] form")
    before = page.inner_text("#start-go")
    page.focus("#id_stop_after")
    page.select_option("#id_stop_after", "5")

    expect(page.locator("#start-sheet")).not_to_contain_text("Image Prompts → Images")
    assert page.inner_text("#start-go") != before
    assert page.evaluate("document.activeElement.id") == "id_stop_after"
    page.select_option("#id_stop_after", "2")
    page.select_option("#id_first_stage", "4")
    expect(page.locator("#start-sheet")).to_contain_text("Stop after stage 4 or a later one.")


def test_cancel_leaves_the_page_as_it_was(open_page: Open) -> None:
    page = open_page(READY)
    page.evaluate("window.stayed = true")
    page.click("#row-run-now")
    page.click("#dialog a:has-text('Cancel')")

    expect(page.locator("#dialog")).not_to_have_attribute("open", "")
    page.wait_for_timeout(300)
    assert page.evaluate("window.stayed && document.activeElement.id") == "row-run-now"


def test_text_selected_past_the_edge_of_a_dialog_does_not_close_it(open_page: Open) -> None:
    page = open_page(READY)
    page.click("#row-configure")
    page.wait_for_selector("#dialog[open] form")
    page.hover("#dialog [name=time_zone]")
    page.mouse.down()
    page.mouse.move(5, 450)
    page.mouse.up()
    assert page.query_selector("#dialog[open]")
    page.mouse.click(5, 450)
    assert not page.query_selector("#dialog[open]")


def test_the_focus_goes_to_the_button_that_takes_the_place(open_page: Open, paused: str) -> None:
    page = open_page(paused)
    page.focus("#act-play")
    page.keyboard.press("Enter")
    page.wait_for_selector("#act-pause")
    assert page.evaluate(FOCUSED) == "Pause"
    page.keyboard.press("Enter")
    page.wait_for_selector("#act-play")
    assert page.evaluate(FOCUSED) == "Resume"
