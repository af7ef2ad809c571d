"""Coming in, in a real browser: the owner's passkey, an invitation, a code, and the way back in."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import CODE, Server
from tests.browser.test_accessibility import violations

PASSWORD = "correct horse battery"
WIDTHS = (1440, 900, 390, 320)
TOUCHES_ITSELF = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def home(new_installation: Server) -> str:
    """At localhost, where browsers offer passkeys."""
    return new_installation.address.replace("127.0.0.1", "localhost")


@pytest.fixture
def link(new_installation: Server) -> str:
    """What the server printed as its last line."""
    found = CODE.search(new_installation.said.splitlines()[-1])
    assert found is not None
    return found[0]


@pytest.fixture
def device(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(reduced_motion="reduce")
    yield context
    context.close()


def with_passkeys(context: BrowserContext) -> Page:
    """A page of a device that has a fingerprint reader."""
    page = context.new_page()
    reader: Any = context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCHES_ITSELF})
    return page


def look_at(page: Page) -> None:
    """No violation and no sideways scrolling at any width, light and dark."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page) == [], f"{page.url} {width} {theme}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1440, "height": 900})


def make_owner(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("#id_name", "Mara Kellner")
    page.fill("#id_email", "mara@example.org")
    page.click("text=Create owner")
    page.click("text=Create the passkey")
    page.wait_for_url("**/me/codes/")


def test_the_owner_comes_in_by_passkey_and_comes_back_by_it(
    device: BrowserContext, home: str, link: str
) -> None:
    page = with_passkeys(device)
    make_owner(page, link)
    assert len(page.locator("#codes").inner_text().split()) == 8
    page.goto(f"{home}/sign-out/")
    page.click("main button")
    page.click("text=Continue with a passkey")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{home}/me/")
    expect(page.locator("h1")).to_have_text("Your sign-in")
    assert page.goto(link).status == 404  # type: ignore[union-attr]


def test_somebody_invited_joins_with_a_password_and_adds_a_code(
    browser: Browser, device: BrowserContext, home: str, link: str
) -> None:
    page = with_passkeys(device)
    make_owner(page, link)
    page.goto(f"{home}/team/1/")
    page.fill("#id_email", "ana@example.org")
    page.click("button:has-text('Invite')")
    invitation = page.locator("#invitation-link").input_value()
    guest = browser.new_page()
    guest.goto(invitation)
    guest.fill("#id_name", "Ana Lindqvist")
    guest.check("#m-pass", force=True)
    guest.fill("#id_password", PASSWORD)
    guest.click("text=Join the team")
    guest.goto(f"{home}/me/app/")
    expect(guest.locator("img.qr")).to_be_visible()
    guest.goto(f"{home}/team/1/audit/")
    expect(guest.locator("main")).to_contain_text("Your role here is reviewer")
    page.reload()
    page.click("text=Remove…")
    expect(page.locator("dialog[open] button:has-text('Cancel')")).to_be_focused()
    page.click("dialog[open] button:has-text('Remove')")
    expect(page.locator(".toast")).to_contain_text("Ana Lindqvist is no longer in the team.")
    assert guest.goto(f"{home}/team/1/").status == 404  # type: ignore[union-attr]
    guest.close()


def test_pages_of_the_entrance_have_no_violation(
    device: BrowserContext, home: str, link: str
) -> None:
    page = with_passkeys(device)
    page.goto(f"{home}/sign-in/")
    look_at(page)
    page.goto(link)
    look_at(page)
    page.check("#m-pass", force=True)
    page.fill("#id_name", "Mara")
    page.fill("#id_email", "mara@example.org")
    page.fill("#id_password", "short")
    page.click("text=Create owner")
    expect(page.locator(".msg.is-bad").first).to_be_visible()
    look_at(page)
    make_owner(page, link)
    look_at(page)
    for path in ("/me/", "/me/passkeys/add/", "/me/password/new/", "/me/codes/new/", "/me/app/"):
        page.goto(home + path)
        look_at(page)


def test_wrong_passwords_say_how_many_tries_are_left_and_then_rest(
    device: BrowserContext, home: str, link: str
) -> None:
    page = device.new_page()
    page.goto(f"{home}/sign-in/")
    for left in (4, 3, 2, 1, 0):
        page.fill("#id_login", "nobody@example.org")
        page.fill("#id_password", "not the password")
        page.click("form:has(#id_password) button[type=submit]")
        text = re.compile(f"{left} tr(y|ies) left" if left else "do not match")
        expect(page.locator("[role=alert]").first).to_contain_text(text)
    look_at(page)


def test_the_password_is_shown_and_hidden_by_its_button(device: BrowserContext, home: str) -> None:
    page = device.new_page()
    page.goto(f"{home}/sign-in/")
    page.fill("#id_password", "secret")
    page.click("[data-reveal]")
    expect(page.locator("#id_password")).to_have_attribute("type", "text")
    page.click("[data-reveal]")
    expect(page.locator("#id_password")).to_have_attribute("type", "password")
