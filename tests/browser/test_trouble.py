"""Runs with a provider that is slow, busy or wrong, as a person sees them and mends them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, in_folder, serving
from tests.browser.test_story import (
    END,
    KEYWORDS,
    add_site,
    become_owner,
    configure,
    import_lines,
    run_now,
)
from tests.provider_faults import Asked, status
from tests.provider_server import ProviderServer


@pytest.fixture
def provider() -> Iterator[ProviderServer]:
    with ProviderServer(tiny_images=True) as server:
        yield server


@pytest.fixture
def connected(tmp_path: Path, provider: ProviderServer) -> Iterator[Server]:
    """`igny8 up` whose texts and pictures come from the provider."""
    folder = tmp_path / "data"
    in_folder(folder, "connection", "add", "Local", "--url", provider.base_url)
    for form in ("text", "image"):
        in_folder(folder, "connection", "route", form, "Local=test-model")
    with serving(folder, "up", lines=2, networks="loopback") as server:
        yield server


@pytest.fixture
def page(connected: Server, browser: Browser) -> Page:
    """The automation page of a site with five keywords."""
    page = become_owner(browser, connected)
    add_site(page)
    import_lines(page, KEYWORDS)
    page.click("a:has-text('Look at it first')")
    configure(page, within_stage_delay="0", between_stage_delay="0", images_per_article="0")
    return page


class OneArticle:
    """Picks the questions for the head of the first article that is asked for."""

    def __init__(self) -> None:
        self.first = ""

    def __call__(self, asked: Asked) -> bool:
        if asked.function_name != "write_metadata":
            return False
        self.first = self.first or asked.question_hash
        return asked.question_hash == self.first


def test_a_parked_item_is_seen_and_retried_and_the_next_run_makes_it(
    page: Page, provider: ProviderServer
) -> None:
    provider.fail("not_json", when=OneArticle())
    run_now(page)
    expect(page.locator("#stage-8")).to_contain_text("Completed with 1 error", timeout=90_000)
    expect(page.locator("#stage-4 .err")).to_contain_text(re.compile(r"1 \(\d+\.\d%\)"))
    expect(page.locator("#stage-4")).to_contain_text("100%")

    page.click("#stage-4 >> text=View Errors")
    expect(page.locator(".ph h2")).to_have_text("1 task failed, for 1 reason")
    expect(page.locator(".log")).to_contain_text("Parked")
    provider.recover()
    page.click("button:has-text('Allow 4 attempts and retry 1 task')")
    page.wait_for_selector("text=Back in the queue: 1 task.")
    page.click("#nav-zap")
    expect(page.locator("#pipeline-status")).to_contain_text("1 task waits")
    run_now(page)
    expect(page.locator("#stage-4")).to_contain_text("1 content piece", timeout=END)
    expect(page.locator("#stage-8")).to_contain_text("At the review gate", timeout=END)


def test_a_paused_run_says_that_it_finishes_its_call(page: Page, provider: ProviderServer) -> None:
    provider.block()
    run_now(page)
    provider.wait_for_calls(1, seconds=30)
    page.click("#act-pause")
    heading = page.locator("#status-heading")
    expect(heading).to_have_text("Paused, finishing 1 call", timeout=5_000)
    provider.release()
    expect(heading).to_have_text(re.compile("Paused in stage"), timeout=20_000)
    page.click("#act-play")
    expect(page.locator("#stage-8")).to_contain_text("Completed", timeout=END)


def test_a_run_that_waits_says_for_what_and_until_when(
    page: Page, provider: ProviderServer
) -> None:
    provider.fail(status(429, retry_after="45"))
    run_now(page)
    card = page.locator("#pipeline-status")
    expect(card).to_have_attribute("data-state", "waiting", timeout=30_000)
    expect(card).to_contain_text(re.compile(r"it goes on by itself at \d+:\d\d [AP]M"))
