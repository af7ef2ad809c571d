"""From an empty folder to the review page, as a person does it."""

import json
import re
import sqlite3
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from igny8.planner.sample import keyword_file
from tests.browser.conftest import CODE, Server

END = 240_000
SHOWS = """number => [1, 2, 3, 4, 5, 6].reduce((sum, n) => sum + Number(
    document.querySelectorAll(`#stage-${n} dd`)[1].textContent.replaceAll(",", "")), 0) >= number"""
KEYWORDS = "moka pot cleaning\nmoka pot sizes\ncold brew ratio\ncold brew filter\nburr grinder\n"


def become_owner(browser: Browser, server: Server) -> Page:
    link = CODE.search(server.said)
    assert link, server.said
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(link.group())
    page.fill("[name=name]", "Mara Kellner")
    page.fill("[name=email]", "mara@example.com")
    page.check("[name=way][value=password]", force=True)
    page.fill("[name=password]", "three-cups-a-day-12")
    page.click("button:has-text('Create owner')")
    page.wait_for_url("**/sites/add/")
    return page


def add_site(page: Page) -> None:
    page.fill("[name=name]", "Northwind Coffee")
    page.fill("[name=time_zone]", "Europe/Berlin")
    page.click("button:has-text('Save and bring keywords')")
    page.wait_for_url("**/keywords/import/")


def import_lines(page: Page, lines: str) -> None:
    page.click("summary:has-text('Paste')")
    page.fill("[name=lines]", lines)
    page.click("button:has-text('Look at it')")
    page.click("#columns-check")
    page.click("button:has-text('Import')")
    page.wait_for_selector("text=are in")


def configure(page: Page, **values: str) -> None:
    page.click("#row-configure")
    page.wait_for_selector("#dialog[open] form")
    for name, value in values.items():
        page.fill(f"#dialog [name={name}]", value)
    page.click("#dialog button:has-text('Save changes')")
    page.wait_for_selector("#dialog:not([open])", state="attached")


def run_now(page: Page) -> None:
    page.click("#row-run-now")
    page.wait_for_selector("#dialog[open] form")
    page.click("#dialog button:has-text('Start run')")


def test_from_an_empty_folder_to_the_review_page(
    new_installation: Server, browser: Browser, tmp_path: Path
) -> None:
    page = become_owner(browser, new_installation)
    add_site(page)
    page.set_input_files("[name=file]", keyword_file())
    page.click("button:has-text('Look at it')")
    page.wait_for_selector("#columns")
    assert "Ahrefs" in page.inner_text("#mapping-heading")
    page.click("#columns-check")
    page.wait_for_selector("#rows-new")
    assert page.inner_text("#rows-new") == "166"
    page.click("button:has-text('Import 166 keywords')")
    page.wait_for_selector("text=166 keywords are in")
    page.click("a:has-text('Look at it first')")
    # Only articles and pictures come one by one, a second apart: long enough to pause them.
    configure(page, within_stage_delay="1", between_stage_delay="0", ideas_per_cluster="1",
              images_per_article="0", stage_1_batch_size="200", stage_2_batch_size="20",
              stage_5_batch_size="20")  # fmt: skip
    page.evaluate("window.stayed = true")

    run_now(page)
    expect(page.locator("#pipeline-status")).to_have_attribute(
        "data-state", "running", timeout=10_000
    )
    expect(page.locator("#stage-4 .badge")).to_have_text("Running", timeout=END)
    page.click("#act-pause")
    expect(page.locator("#stage-4 .badge")).to_have_text("Paused", timeout=10_000)
    expect(page.locator("#pipeline-status")).to_contain_text("Paused by Mara Kellner")
    page.click("#act-play")
    expect(page.locator("#stage-4 .badge")).to_have_text("Running", timeout=10_000)
    took = sorted(seconds_until_visible(page, new_installation) for _ in range(3))
    assert took[1] <= 3, took
    for number in range(1, 7):
        expect(page.locator(f"#stage-{number} .badge")).to_have_text("Done", timeout=END)
    expect(page.locator("#stage-8")).to_contain_text("Completed", timeout=END)
    expect(page.locator("#stage-7")).to_contain_text("ready for review")
    assert page.evaluate("window.stayed"), "nothing was loaded anew"

    page.click("#go-to-review")
    page.wait_for_url("**/content/?status=review")
    page.click("text=one by one")
    page.wait_for_selector("article.sheet img.hero")
    assert page.evaluate("document.querySelector('img.hero').naturalWidth") > 100
    approve_and_send_back(page)


def seconds_until_visible(page: Page, server: Server) -> float:
    """From the commit of the next finished item to the moment its card counts it."""
    before, deadline = processed(server), time.monotonic() + 60
    while (number := processed(server)) == before:
        assert time.monotonic() < deadline, "nothing was finished for a minute"
        page.wait_for_timeout(20)
    began = time.monotonic()
    page.wait_for_function(SHOWS, arg=number, polling=20)
    return time.monotonic() - began


def processed(server: Server) -> int:
    """Items of all stages that the newest run has finished, as committed."""
    results = ", ".join(f"stage_{number}_result" for number in range(1, 7))
    newest = f"SELECT {results} FROM igny8_automation_runs ORDER BY id DESC LIMIT 1"
    with sqlite3.connect(server.folder / "igny8.sqlite3", timeout=30) as database:
        stored = database.execute(newest).fetchone()
    return sum(json.loads(result).get("processed", 0) for result in stored)


def test_a_page_left_open_shows_the_scheduled_run(
    new_installation: Server, browser: Browser
) -> None:
    page = become_owner(browser, new_installation)
    add_site(page)
    import_lines(page, KEYWORDS)
    page.click("a:has-text('Look at it first')")
    page.click("#row-configure")
    page.wait_for_selector("#dialog[open] form")
    page.select_option("#dialog [name=schedule]", "cron")
    page.fill("#dialog [name=schedule_cron]", "* * * * *")
    page.fill("#dialog [name=images_per_article]", "0")
    page.click("#dialog button:has-text('Save changes')")
    page.wait_for_selector("#dialog:not([open])", state="attached")
    page.evaluate("window.stayed = true")

    expect(page.locator("#stage-8")).to_contain_text(
        re.compile("Running|Completed"), timeout=100_000
    )
    assert page.evaluate("window.stayed"), "nothing was loaded anew"
    page.goto(page.url.replace("/automation/", "/runs/"))
    expect(page.locator("tbody tr").last).to_contain_text("Schedule")


def approve_and_send_back(page: Page) -> None:
    first = page.url
    page.keyboard.press("a")
    page.wait_for_url(lambda url: url != first and "/content/" in url, wait_until="commit")
    page.wait_for_selector(".actbar")
    assert "Approved" in page.inner_text("#toasts")
    second = page.url
    page.keyboard.press("r")
    page.wait_for_selector("#dialog[open] textarea")
    page.click("#dialog button:has-text('Send back')")
    page.wait_for_selector("text=Say what should become different")
    page.fill("#dialog textarea", "Step 3 contradicts the caption.")
    page.click("#dialog button:has-text('Send back')")
    page.wait_for_url(lambda url: url != second, wait_until="commit")


def test_a_run_is_cancelled_and_an_error_is_said_at_its_field(
    new_installation: Server, browser: Browser
) -> None:
    page = become_owner(browser, new_installation)
    add_site(page)
    import_lines(page, KEYWORDS)
    page.click("a:has-text('Look at it first')")
    page.click("#row-configure")
    page.wait_for_selector("#dialog[open] form")
    page.fill("#dialog [name=stage_1_batch_size]", "0")
    page.evaluate("document.querySelector('#dialog form').noValidate = true")
    page.click("#dialog button:has-text('Save changes')")
    page.wait_for_selector("#dialog .msg.is-bad")
    page.click("#dialog [data-close] >> nth=0")

    configure(page, within_stage_delay="60")
    run_now(page)
    expect(page.locator("#pipeline-status")).to_have_attribute(
        "data-state", "running", timeout=10_000
    )
    page.click("#act-x")
    page.wait_for_selector("#dialog[open] >> text=Waits for the next run")
    page.click("#dialog button:has-text('Cancel run')")
    expect(page.locator("#stage-8")).to_contain_text("Cancelled", timeout=10_000)


def test_the_sample_site_is_loaded_and_removed(new_installation: Server, browser: Browser) -> None:
    page = become_owner(browser, new_installation)
    page.click("button:has-text('sample site')")
    page.wait_for_url("**/s/demo/automation/")
    expect(page.locator("#metric-keywords")).to_contain_text("166")
    page.click(".site-switch >> nth=0")
    page.click("text=Remove the sample site…")
    page.click("#dialog button:has-text('Remove the sample site')")
    page.wait_for_url(re.compile("/sites/add/"))
