"""The report of the fixed lake of chart_lake.py, calculated by hand."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from chartlake.report.page import build_page
from chartlake.report.queries import QUERIES
from chartlake.report.sources import demo_warehouse, local_athena
from chartlake.warehouse import open_warehouse
from tests.support.chart_lake import rows_of, write_lake
from tests.support.html_page import PageReader
from tests.support.report_lake import END, FORMULA, LINE_END, SCRIPT, TITLES, write_odd_lake


def demo_lake(folder: Path) -> Path:
    """Load what was written into a folder into a warehouse there, as a demo does."""
    curated = folder / "chartlake-curated"
    curated.mkdir(exist_ok=True)
    with open_warehouse(folder / "warehouse", {"s3://chartlake-curated/": curated}) as warehouse:
        warehouse.deploy()
        warehouse.load()
    return folder


def pages(folder: Path) -> tuple[str, str]:
    """The page from the warehouse and from the stand-in for Athena."""
    with demo_warehouse(folder) as ask:
        from_warehouse = build_page(ask)
    with local_athena(folder) as ask:
        return from_warehouse, build_page(ask)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("report")
    write_lake(folder / "chartlake-curated")
    yield pages(demo_lake(folder))


@pytest.fixture(scope="module")
def read(both: tuple[str, str]) -> PageReader:
    return PageReader(both[0])


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("odd")
    write_odd_lake(folder / "chartlake-curated")
    yield pages(demo_lake(folder))


def test_the_warehouse_and_athena_give_the_same_page(both, odd):
    assert both[0] == both[1]
    assert odd[0] == odd[1]


def test_every_chart_has_a_section_daily_ones_first(read):
    assert list(read.tables) == ["ph", "us", "world"]


def test_the_newest_edition_shows_how_each_song_moved(read):
    assert read.tables["ph"]["The chart"] == [
        ["1", "= same place", "Dawn Dee", "1", "4"],
        ["2", "back", "Amihan Ana", "1", "3"],
        ["3", "▼ down 1", "Comet Cleo", "2", "4"],
    ]
    assert read.tables["world"]["The chart"] == [
        ["1", "▲ up 1", "Comet Cleo", "1", "2"],
        ["2", "new", "Bagyo (feat. Ben) Ana, Ben", "2", "1"],
        ["3", "= same place", "Dawn Dee", "3", "2"],
    ]


def test_streams_are_shown_if_the_source_has_them(read):
    assert read.tables["us"]["The chart"] == [
        ["1", "= same place", "Comet Cleo", "1,100", "1", "4"],
        ["2", "new", "Amihan Ana", "700", "2", "1"],
        ["3", "= same place", "Ember Ben", "400", "2", "4"],
    ]


def test_climbers_and_fallers(read):
    assert read.tables["world"]["Climbers"] == [["▲ up 1", "Comet Cleo", "2 → to 1"]]
    assert "Fallers" not in read.tables["world"]
    assert read.tables["ph"]["Fallers"] == [["▼ down 1", "Comet Cleo", "2 → to 3"]]


def test_debuts_returns_and_exits(read):
    assert read.tables["ph"]["Debuts and returns"] == [["2", "back", "Amihan Ana", "1"]]
    assert read.tables["us"]["Debuts and returns"] == [["2", "new", "Amihan Ana", "2"]]
    assert read.tables["ph"]["Exits"] == [["3", "Bagyo (feat. Ben) Ana, Ben", "1", "4"]]
    assert read.tables["us"]["Exits"] == [["2", "Dawn Dee", "1", "3"]]


def test_the_share_of_each_artist(read):
    assert read.tables["ph"]["Who owns the chart"] == [
        ["Dee", "1", "1", "50.0 %", "0.0"],
        ["Ana", "1", "2", "33.3 %", "+16.7"],
        ["Cleo", "1", "3", "16.7 %", "−16.7"],
    ]
    assert read.tables["us"]["Who owns the chart"][1] == ["Ana", "1", "2", "33.3 %", "new"]


def test_turnover_newest_edition_first(read):
    assert read.tables["ph"]["Turnover"] == [
        ["7 November 2026", "3", "0", "1", "1", "33.3 %"],
        ["5 November 2026", "3", "0", "0", "0", "0.0 %"],
        ["3 November 2026", "3", "0", "1", "1", "33.3 %"],
        ["2 November 2026", "3", "1", "0", "1", "33.3 %"],
        ["1 November 2026", "3", "3", "0", "0", "–"],
    ]
    drawn = read.drawings["ph"]["turnover"]["datasets"]["pulse"]
    assert [row["turnover"] for row in drawn] == [None, 1 / 3, 1 / 3, 0, 1 / 3]


def test_the_top_ten_lines_have_gaps_for_absent_songs(read):
    """The places of the top ten have no rank while a song was off the chart."""
    assert read.tables["ph"]["Places of today’s top ten"] == [
        ["Dawn", "–", "3", "2", "1", "1"],
        ["Amihan", "1", "2", "–", "–", "2"],
        ["Comet", "3", "–", "3", "2", "3"],
    ]


def test_each_stay_on_the_chart_is_a_separate_line(read):
    points = read.drawings["ph"]["bump"]["datasets"]["lines"]
    drawn = [(row["title"], row["stay"], row["date"][-1], row["rank"]) for row in points]
    assert [row for row in drawn if row[0] != "Dawn"] == [
        ("Amihan", 1, "1", 1),
        ("Amihan", 1, "2", 2),
        ("Amihan", 2, "7", 2),
        ("Comet", 1, "1", 3),
        ("Comet", 2, "3", 3),
        ("Comet", 2, "5", 2),
        ("Comet", 2, "7", 3),
    ]
    named = [(row["title"], row["date"]) for row in points if row["is_now"]]
    assert named == [(title, "2026-11-07") for title in ("Dawn", "Amihan", "Comet")]


def test_the_page_shows_late_and_held_back_charts(read):
    assert read.notes == {
        "": [],
        "ph": [
            "Out of date: its newest day by Spotify's date is 6 November 2026,"
            " the lake's 8 November 2026.",
            "8 November 2026 was held back by entries_at_least.",
        ],
        "us": ["Out of date: its newest day is 6 November 2026, the lake's 8 November 2026."],
        "world": [],
    }
    assert "Data as of 8 November 2026" in read.text
    assert "Edition of 7 November 2026, captured at 06:00 UTC. Daily chart, 3 songs." in read.text
    assert "Weekly chart, 3 songs, complete." in read.text
    rows = f"{rows_of(8)} of {rows_of(8)} rows loaded"
    newest = f"Newest run: 20261108T061500Z, of 8 November 2026; {rows}, visible."
    assert newest in read.text


def test_a_title_is_always_shown_as_text(odd):
    page, read = odd[0], PageReader(odd[0])
    shown = [row[2] for row in read.tables["odd"]["The chart"]]
    titles = [" ".join(title.split()) for title in TITLES]
    assert shown == [*(f"{title} {FORMULA}" for title in titles), "(no title)"]
    for title in (SCRIPT, END, LINE_END):
        assert title not in page
    assert "\u2028" not in page.partition('id="drawings">')[2]
    drawn = read.drawings["odd"]["bump"]["datasets"]["lines"]
    assert {row["title"] for row in drawn} == {*TITLES, "(no title)"}
    assert "Odd &amp; &lt;b&gt;bold&lt;/b&gt;" in page
    assert page.count("</script>") == page.count("<script")


def test_only_spotify_pages_are_linked(odd):
    assert "javascript:" not in odd[0]
    assert '<a href="https://open.spotify.com/track/1" rel="noreferrer">' in odd[0]


def test_two_artists_with_the_same_name_stay_separate(odd):
    shares = PageReader(odd[0]).tables["odd"]["Who owns the chart"]
    assert [row[0] for row in shares] == [FORMULA, FORMULA]


def test_a_chart_with_one_edition_has_no_comparison(odd):
    read = PageReader(odd[0])
    assert read.tables["once"]["The chart"] == [["1", "new", f"{SCRIPT} {FORMULA}", "1", "1"]]
    assert read.drawings["once"] == {}
    section = read.text.partition("Once")[2]
    for sentence in (
        "This is the first edition: lines begin with the second.",
        "This is the first edition: every song on it is new.",
        "This is the first edition: turnover begins with the second.",
    ):
        assert sentence in section


def test_an_emptied_chart_says_so_and_shows_its_exits(odd):
    read = PageReader(odd[0])
    assert read.notes["gone"] == ["Empty: no song was read on 2 November 2026."]
    assert read.tables["gone"] == {"Exits": [["1", f"{SCRIPT} {FORMULA}", "1", "1"]]}
    section = read.text.partition("Empty: ")[2].partition("Odd & ")[0]
    assert section.count("No song stands on this edition.") == 2
    assert "first edition" not in section


def test_unreadable_records_are_counted(odd):
    assert PageReader(odd[0]).notes["odd"] == [
        "Incomplete: 2 places hold no track that could be read."
    ]


def test_an_empty_lake_gives_one_error_message(tmp_path):
    page, from_athena = pages(demo_lake(tmp_path))
    assert page == from_athena
    assert PageReader(page).notes[""] == [
        "There is no chart to show yet: no day has been published. Run the pipeline for a day, and"
        " make this page again."
    ]


def test_the_page_has_a_policy_without_network_or_other_scripts(both):
    policy = unescape(both[0].partition('Policy" content="')[2].partition('"')[0])
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["img-src"] == "data:"
    scripts = directives.pop("script-src").split(" ")
    assert len(scripts) == 2
    assert all(source.startswith("'sha256-") for source in scripts)
    assert not any("http" in value or "*" in value for value in directives.values())
    for loading in (" src=", "@import", "url(", 'rel="stylesheet"'):
        assert loading not in both[0].partition("<script")[0], loading


def test_the_page_is_small(both):
    assert len(both[0].encode()) < 2_000_000


def counted_page(entries: int, editions: int, loaded: int, expected: int | None) -> str:
    """A page of one chart, of so many songs and editions, and of a run of so many rows."""
    days = [date(2026, 11, 7 - ago) for ago in range(editions)]
    chart = {"chart_id": "c", "chart_name": "C", "cadence": "daily", "title": "T", "song_id": "s"}
    fresh: dict[str, Any] = {
        "captured_on": days[0],
        "edition_date": days[0],
        "spotify_date": days[0],
    }
    fresh |= {"captured_at": None, "left_out": 0}
    run = {"snapshot_date": days[0], "run_id": "r", "gate": "passed", "status": "visible"}
    turns = {"debuts": 0, "re_entries": 0, "exits": 0, "turnover": 0.5, "entries": entries}
    rows: dict[str, list[dict[str, Any]]] = {
        "freshness": [chart | fresh | {"entries": entries, "is_repeat": False}],
        "ledger": [chart | run | {"is_latest": True, "failed_rules": None}],
        "today": [],
        "exits": [],
        "artists": [],
        "lines": [chart | {"snapshot_date": days[0], "stay": 1, "rank": 1, "place": 1}],
        "pulse": [
            chart | turns | {"snapshot_date": day, "editions_ago": ago, "is_latest": not ago}
            for ago, day in reversed([*enumerate(days)])
        ],
    }
    rows["ledger"][0] |= {"rows_loaded": loaded, "rows_expected": expected, "days_behind": None}
    for row in rows["pulse"]:
        row["previous_edition_on"] = date(2026, 10, 1)
    asked = {sql.strip(): rows[name] for name, sql in QUERIES.items()}
    return build_page(asked.__getitem__)


@pytest.mark.parametrize(
    ("entries", "told"), [(1, "1 song"), (2, "2 songs"), (1204, "1,204 songs")]
)
def test_the_songs_of_a_chart_are_counted(entries: int, told: str) -> None:
    assert f"Daily chart, {told}, complete." in counted_page(entries, 1, 0, 0)


def test_a_chart_without_songs_counts_none() -> None:
    assert "Daily chart, 0 songs." in counted_page(0, 1, 0, 0)


@pytest.mark.parametrize(("editions", "told"), [(1, "1 edition"), (2, "2 editions")])
def test_the_drawn_editions_are_counted(editions: int, told: str) -> None:
    page = counted_page(1, editions, 0, 0)
    assert f"top ten songs over {told}, " in page
    assert f"<figcaption>{told}. A line breaks" in page
    assert f"not on the edition before, over {told} up to 7 November" in page


@pytest.mark.parametrize(
    ("loaded", "expected", "told"),
    [
        (0, 0, "; 0 of 0 rows loaded, visible."),
        (0, 1, "; 0 of 1 row loaded, visible."),
        (1, 2, "; 1 of 2 rows loaded, visible."),
        (1, None, "; 1 row loaded, visible."),
        (2, None, "; 2 rows loaded, visible."),
    ],
)
def test_the_rows_of_the_newest_run_are_counted(
    loaded: int, expected: int | None, told: str
) -> None:
    assert told in counted_page(1, 1, loaded, expected)
