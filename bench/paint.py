"""How soon a browser that has nothing yet shows something of a page."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

LOADS = 5
BOUND_MS = 1000
FIRST_PAINT = """() => new Promise((told) =>
  new PerformanceObserver((list) => told(list.getEntries()[0].startTime))
    .observe({type: "paint", buffered: true}))"""


def first_paints(folder: Path, client: Any, pages: Mapping[str, str]) -> Iterator[str]:
    """Prints the median of some loads of each page, from a server of its own, nothing cached."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import CHROMIUM, FLAGS, serving

    key = client.cookies["sessionid"].value
    with serving(folder, "web") as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        print(f"{'page':<18}{'first paint ms':>15}")
        for name, path in pages.items():
            paints = []
            for _ in range(LOADS):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                context.add_cookies([{"name": "sessionid", "value": key, "url": server.address}])
                page = context.new_page()
                page.goto(server.address + path)
                paints.append(page.evaluate(FIRST_PAINT))
                context.close()
            print(f"{name:<18}{median(paints):>15.0f}")
            if median(paints) > BOUND_MS:
                yield f"{name}: first paint after {median(paints):.0f} ms"
        browser.close()
