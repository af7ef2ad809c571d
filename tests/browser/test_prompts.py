"""Wording a prompt in a real browser: what is wrong is said while typing."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_accessibility import look_at

SECTION, TITLES = "/s/completed/prompts/write_section/", "/s/completed/prompts/write_metadata/"


def write(page: Page, text: str) -> None:
    """At the very beginning, as somebody types."""
    page.focus("#prompt-text")
    page.keyboard.press("Control+Home")
    page.keyboard.type(text)


def test_a_fault_is_said_while_typing_and_saving_is_off_until_it_is_mended(open_page: Open) -> None:
    page = open_page(TITLES)
    write(page, "{{ questio }}\n")

    expect(page.locator("#prompt-says")).to_contain_text("did you mean question")
    expect(page.locator("#prompt-gutter .bad")).to_have_text("1")
    expect(page.locator("#prompt-editor")).to_have_class("card prm-e bad")
    expect(page.get_by_role("button", name="Save version 1")).to_have_attribute(
        "aria-disabled", "true"
    )
    expect(page.locator("#prompt-text")).to_be_focused()
    look_at(page)

    page.keyboard.press("Control+Home")
    for _ in "{{ questio }}\n":
        page.keyboard.press("Delete")
    expect(page.locator("#prompt-says")).not_to_contain_text("cannot be saved")
    expect(page.get_by_role("button", name="Save version 1")).not_to_have_attribute(
        "aria-disabled", "true"
    )


def test_line_numbers_and_preview_keep_up(open_page: Open) -> None:
    page = open_page(TITLES)
    before = page.locator("#prompt-gutter li").count()

    write(page, "Speak plainly.\n\n")

    assert page.locator("#prompt-gutter li").count() == before + 2
    expect(page.locator("#prompt-preview .pre")).to_contain_text("Speak plainly.")


def test_a_chip_inserts_its_variable_where_the_cursor_stands(open_page: Open) -> None:
    page = open_page(SECTION)
    write(page, "About ")

    page.click("[data-insert='{{ question.words }}']")
    page.keyboard.type(" words.\n")

    expect(page.locator("#prompt-preview .pre")).to_contain_text("About 200 words.")


def test_a_trial_shows_its_answer_beside_the_unsaved_text(open_page: Open) -> None:
    page = open_page(SECTION)
    write(page, "Speak plainly.\n")

    page.click("#try-button")

    expect(page.locator("#prompt-trial")).to_contain_text("Valid answer in")
    assert page.input_value("#prompt-text").startswith("Speak plainly.")
    expect(page.locator("#try-button")).to_contain_text("Try · free")
    look_at(page, widths=(1440, 390))


def test_wording_a_prompt_works_without_javascript(open_page: Open) -> None:
    page = open_page(TITLES, java_script_enabled=False)
    text = page.input_value("#prompt-text")

    page.fill("#prompt-text", f"{{{{ questio }}}}\n{text}")
    page.click("text=Check and preview")
    assert "did you mean question" in page.inner_text("#prompt-says")

    page.fill("#prompt-text", f"Speak plainly.\n{text}")
    page.click("text=Check and preview")
    assert "Speak plainly." in page.inner_text("#prompt-preview")
    page.click("text=Save version 1")
    assert "Custom" in page.inner_text("#prompt-head")
    assert "Version 1, in use" in page.inner_text(".hist")
