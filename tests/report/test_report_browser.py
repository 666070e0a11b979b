"""The report in a real browser: drawing, switching charts, phones, dark mode, no requests."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from chartlake.report.page import write_page
from chartlake.report.sources import local_athena
from tests.support.browser import CHROMIUM, HOW_TO_GET_IT, open_browser, opened
from tests.support.chart_lake import write_lake
from tests.support.report_lake import TITLES, write_odd_lake

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=HOW_TO_GET_IT)

PHONE: Any = {"viewport": {"width": 390, "height": 844}}
SHOWN = "article:not([hidden])"

COLOURS_OF_TEXT = """() => [...document.querySelectorAll('body *')].filter((node) =>
    node.checkVisibility() && !node.closest('.unseen, .plot, script') &&
    [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())
  ).map((node) => {
    let behind = node;
    const clear = (at) => getComputedStyle(at).backgroundColor === 'rgba(0, 0, 0, 0)';
    while (behind.parentElement && clear(behind)) behind = behind.parentElement;
    const seen = [getComputedStyle(node).color, getComputedStyle(behind).backgroundColor];
    return [node.textContent.trim().slice(0, 40), ...seen];
  })"""
"""Every text that is seen, its colour, and the colour behind it."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fixed")
    write_lake(folder / "chartlake-curated")
    return written(folder)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    write_odd_lake(folder / "chartlake-curated")
    return written(folder)


def written(folder: Path) -> Path:
    with local_athena(folder) as ask:
        write_page(ask, folder / "report.html")
    return folder / "report.html"


def shown(page: Page) -> list[str]:
    """The headings of the visible charts."""
    return page.locator("h2:visible").all_inner_texts()


def drawn(page: Page) -> None:
    """Wait until what is shown is drawn."""
    page.wait_for_function(
        f"[...document.querySelectorAll('{SHOWN} .plot')].every(p => p.dataset.drawn === 'yes')"
    )


def test_the_page_opens_with_the_first_chart_drawn(browser, report):
    with opened(browser, report) as it:
        assert shown(it.page) == ["Top PH"]
        plots = it.page.locator(f"{SHOWN} .plot svg")
        assert plots.count() == 2
        # Dawn has one stay; Amihan and Comet have two each: a line breaks between them.
        lines = it.page.locator("[data-drawing=bump] .mark-line path")
        assert lines.count() == 5
        names = it.page.locator(f"{SHOWN} .mark-text.role-mark text").all_text_contents()
        assert names == ["Dawn", "Amihan", "Comet"]


def test_the_page_makes_no_request_and_logs_nothing(browser, report, odd):
    for file in (report, odd):
        with opened(browser, file) as it:
            for tab in it.page.get_by_role("tab").all():
                tab.click()
                drawn(it.page)
            assert it.said == []
            assert it.asked == [file.as_uri()]


def test_the_page_cannot_reach_a_network(browser, report):
    with socket.create_server(("127.0.0.1", 0)) as server, opened(browser, report) as it:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        tried = f"fetch('{address}').then(() => 'reached', () => 'refused')"
        assert it.page.evaluate(tried) == "refused"
        it.page.evaluate(f"document.body.append(Object.assign(new Image(), {{src: '{address}'}}))")
        it.page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {text: 'x = 1'}))"
        )
        assert it.page.evaluate("typeof x") == "undefined"
        refused = [said for said in it.said if "violates the following Content Secur" in said]
        assert len(refused) == 3
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_click_shows_another_chart(browser, report):
    with opened(browser, report) as it:
        it.page.get_by_role("tab", name="Top World").click()
        drawn(it.page)
        assert shown(it.page) == ["Top World"]
        chosen = it.page.get_by_role("tab", selected=True)
        assert chosen.all_inner_texts() == ["Top World"]
        assert it.page.locator(f"{SHOWN} .plot svg").count() == 2
        assert it.page.url.endswith("#world")
        it.page.reload()
        it.page.wait_for_selector("body[data-ready]", state="attached")
        assert shown(it.page) == ["Top World"]


def test_the_keyboard_shows_another_chart(browser, report):
    with opened(browser, report) as it:
        it.page.keyboard.press("Tab")
        for key, chart in [
            ("ArrowRight", "Top US"),
            ("ArrowRight", "Top World"),
            ("ArrowRight", "Top PH"),
            ("ArrowLeft", "Top World"),
            ("Home", "Top PH"),
            ("End", "Top World"),
        ]:
            it.page.keyboard.press(key)
            assert shown(it.page) == [chart]
            focused = it.page.evaluate("document.activeElement.getAttribute('aria-controls')")
            assert it.page.locator(f"#{focused} h2").inner_text() == chart
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert it.page.evaluate(outline) == "solid"
        it.page.keyboard.press("Tab")
        assert (
            it.page.evaluate("document.activeElement.closest('article').dataset.chart") == "world"
        )


def test_an_unknown_chart_falls_back_to_the_first(browser, report):
    with opened(browser, report) as it:
        it.page.evaluate("location.hash = 'elsewhere'")
        assert shown(it.page) == ["Top PH"]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_window(browser, report, odd, width):
    for file in (report, odd):
        with opened(browser, file, viewport={"width": width, "height": 844}) as it:
            for tab in it.page.get_by_role("tab").all():
                tab.click()
                drawn(it.page)
                for more in it.page.locator(f"{SHOWN} summary").all():
                    more.click()
                assert it.overflow() == 0


def test_a_drawing_fits_again_after_the_window_is_resized(browser, report):
    with opened(browser, report, viewport={"width": 1280, "height": 844}) as it:
        it.page.get_by_role("tab", name="Top World").click()
        it.page.set_viewport_size({"width": 390, "height": 844})
        it.page.get_by_role("tab", name="Top PH").click()
        it.page.wait_for_function(
            f"[...document.querySelectorAll('{SHOWN} .plot svg')].every(svg => {{"
            " const width = svg.getBoundingClientRect().width; return width > 300 && width < 390 })"
        )
        assert it.overflow() == 0


def test_a_title_is_shown_and_never_executed(browser, odd):
    with opened(browser, odd, **PHONE) as it:
        it.page.get_by_role("tab", name="Odd & <b>bold</b>").click()
        drawn(it.page)
        titles = it.page.locator(f"{SHOWN} .chart .title").all_inner_texts()
        assert [" ".join(title.split()) for title in titles[:-1]] == [
            " ".join(title.split()) for title in TITLES
        ]
        it.page.locator(f"{SHOWN} [data-drawing=bump] .mark-symbol path").first.hover()
        tip = it.page.locator("#vg-tooltip-element")
        assert TITLES[0] in tip.inner_text()
        assert it.page.title() == "Chartlake, 2 November 2026"
        assert it.said == []


def test_the_dark_theme_includes_the_drawings(browser, report):
    def look(scheme: Any) -> list[str]:
        with opened(browser, report, color_scheme=scheme) as it:
            return [
                it.page.locator(where).first.evaluate(f"node => getComputedStyle(node).{what}")
                for where, what in [
                    ("body", "backgroundColor"),
                    ("body", "color"),
                    (f"{SHOWN} .mark-text.role-mark text", "fill"),
                    (f"{SHOWN} .mark-line path", "stroke"),
                    (f"{SHOWN} .role-axis-label text", "fill"),
                ]
            ]

    light, dark = look("light"), look("dark")
    assert light[0] == "rgb(248, 250, 251)"
    assert dark[0] == "rgb(11, 22, 30)"
    assert all(here != there for here, there in zip(light, dark, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(browser, report, scheme):
    with opened(browser, report, color_scheme=scheme) as it:
        texts = it.page.evaluate(COLOURS_OF_TEXT)
    assert len(texts) > 60
    faint = [(text, here, behind) for text, here, behind in texts if contrast(here, behind) < 4.5]
    assert faint == []


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours as the browser writes them."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").rstrip(")").split(",")]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_days_are_the_same_west_of_greenwich(browser, report):
    def days(zone: str) -> list[str]:
        with opened(browser, report, timezone_id=zone) as it:
            where = f"{SHOWN} [data-drawing=bump] .role-axis-label text"
            return it.page.locator(where).all_text_contents()

    assert days("America/Los_Angeles") == days("Asia/Manila")
    assert "1 Nov" in days("America/Los_Angeles")


def test_the_page_shows_the_current_age_of_its_data(browser, report):
    for now, age in [(8, ""), (9, ", yesterday"), (10, ", 2 days ago"), (20, ", 12 days ago")]:
        with opened(browser, report, datetime(2026, 11, now, 23, tzinfo=UTC)) as it:
            assert it.page.locator("header p").inner_text() == f"Data as of 8 November 2026{age}"


def test_the_page_is_accessible_to_screen_readers(browser, report):
    with opened(browser, report) as it:
        levels = it.page.locator("h1:visible, h2:visible, h3:visible").evaluate_all(
            "nodes => nodes.map(node => Number(node.tagName[1]))"
        )
        assert levels[:2] == [1, 2]
        assert all(after - before <= 1 for before, after in pairwise(levels))
        tables = it.page.locator("table")
        assert tables.count() == it.page.locator("table > caption").count()
        assert it.page.locator("tbody tr").count() == it.page.locator("tbody th[scope=row]").count()
        panels = it.page.get_by_role("tabpanel")
        assert panels.count() == 1
        assert it.page.get_by_role("tabpanel", name="Top PH").count() == 1
        for name in ("places of today’s top ten songs over 5 editions", "Share of songs"):
            assert it.page.get_by_role("img", name=name).count() == 1


def test_without_scripts_every_chart_and_row_is_shown(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("h2:visible").count() == 3
    assert page.locator("[role=tablist]:visible").count() == 0
    context.close()


def test_a_long_chart_expands_by_a_button_and_prints_in_full(browser, tmp_path, odd):
    folded = tmp_path / "report.html"
    folded.write_text(odd.read_text("utf-8").replace('data-first="20"', 'data-first="5"'), "utf-8")
    with opened(browser, folded) as it:
        it.page.get_by_role("tab", name="Odd & <b>bold</b>").click()
        rows = it.page.locator(f"{SHOWN} .chart tbody tr:visible")
        assert rows.count() == 5
        it.page.emulate_media(media="print", color_scheme="dark")
        paper = "getComputedStyle(document.body).backgroundColor"
        assert it.page.evaluate(paper) == "rgb(255, 255, 255)"
        assert rows.count() == 7
        assert it.page.locator("[role=tablist]:visible").count() == 0
        it.page.emulate_media(media="screen", color_scheme="light")
        it.page.get_by_role("button", name="Show all 7", expanded=False).click()
        assert rows.count() == 7
        it.page.get_by_role("button", name="Show fewer", expanded=True).click()
        assert rows.count() == 5
