"""A page in a real Chromium, Debian's: its text, its requests and its appearance.

It also takes the picture of the report for the README:

    python -m tests.support.browser lake/demo/report.html docs/report.png
"""

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
HOW_TO_GET_IT = "There is no Chromium here: apt-get install chromium fonts-noto-cjk."

# It is to show one file: whatever it does by itself on a network is turned off.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=QUIET)
        yield browser
        browser.close()


class Opened:
    """An open page, with its console messages and requested addresses."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )


@contextmanager
def opened(
    browser: Browser, file: Path, now: datetime | None = None, **how: Any
) -> Iterator[Opened]:
    """Open a file, and wait until it has drawn its charts; `how` is a context's settings."""
    context = browser.new_context(**how)
    # What does not happen is to fail soon; the machine may be busy.
    context.set_default_timeout(15_000)
    page = context.new_page()
    if now:
        page.clock.set_fixed_time(now)
    it = Opened(page)
    page.goto(file.absolute().as_uri())
    page.wait_for_selector("body[data-ready]", state="attached")
    yield it
    context.close()


def main(file: Path, picture: Path) -> None:
    """Take the picture as if the page was opened on its newest day."""
    day = re.search(r'<time datetime="(.+?)"', file.read_text(encoding="utf-8"))
    now = datetime.fromisoformat(day[1]).replace(hour=12, tzinfo=UTC) if day else None
    window = {"width": 1280, "height": 1080}
    with open_browser() as browser, opened(browser, file, now, viewport=window) as it:
        it.page.screenshot(path=picture)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
