"""Pictures of every page and state: python -m tools.screenshots FOLDER [NAME ...]"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, serving
from tests.browser.places import DIALOGS, OPEN, PAGES
from tests.browser.showroom import OWNER, PASSWORD, furnished_folder

WIDTHS = (1440, 900, 390)
THEMES = ("light", "dark")


def main(folder: str, *names: str) -> None:
    """One picture a page, width and theme; without names all of them."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="igny8-shots-")))
        furnished_folder(data)
        address = stack.enter_context(serving(data, "web")).address
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=CHROMIUM, args=FLAGS.split()
        )
        context = browser.new_context(reduced_motion="reduce")
        sign_in(context, address)
        for name, taken in each(context, address, names):
            for width in WIDTHS:
                for theme in THEMES:
                    picture = target / f"{name}-{width}-{theme}.png"
                    take(taken, picture, width=width, is_dark=theme == "dark")


def sign_in(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/sign-in/")
    page.fill("[name=login]", OWNER)
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]:has-text('Sign in')")
    page.wait_for_url("**/s/**")
    page.close()


def each(
    context: BrowserContext, address: str, names: tuple[str, ...]
) -> Iterator[tuple[str, Page]]:
    page = context.new_page()
    for name, path in PAGES.items():
        if not names or name in names:
            page.goto(address + path)
            yield name, page
    for name, (path, *clicks) in DIALOGS.items():
        if not names or name in names:
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            page.goto(address + path)
            for click in clicks:
                page.click(click)
            page.wait_for_selector(OPEN)
            yield f"dialog-{name}", page


def take(page: Page, picture: Path, *, width: int, is_dark: bool) -> None:
    page.emulate_media(color_scheme="dark" if is_dark else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.screenshot(path=picture, full_page=page.query_selector(OPEN) is None)


if __name__ == "__main__":
    main(*sys.argv[1:])
