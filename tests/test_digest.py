"""The digest of a lake, in the words that are mailed; every number is worked out by hand."""

import re
from datetime import UTC, date, datetime

import pytest

from report.digest import build_digest
from report.plain_text import fit, plain, width
from report.sources import demo_warehouse, local_athena
from tests.chart_lake import write_lake
from tests.digest_lakes import CURATED, load, named, snapshot, summary, trend, write_day
from tests.lake_files import write_run

DAY_1, DAY_2 = date(2026, 11, 1), date(2026, 11, 2)
BOTH = pytest.mark.parametrize("engine", [demo_warehouse, local_athena])
ACCENTED = "e\N{COMBINING ACUTE ACCENT}"
SUBJECT = "Charts of 2026-11-08: 1 new number one, 2 debuts, 3 exits"
TEXT = """\
Top PH, 2026-11-07
  Number one: Dawn · Dee, for 2 days
  Biggest fall: Comet · Cleo, down 1 to 3
  Best return: Amihan · Ana, at 2
  Longest streak ended: Bagyo (feat. Ben) · Ana, Ben, 4 days, best rank 1
  0 debuts, 1 re-entry, 1 exit on a chart of 3

Top US, 2026-11-06
  Number one: Comet · Cleo, for 2 days
  Highest debut: Amihan · Ana, at 2
  Longest streak ended: Dawn · Dee, 3 days, best rank 1
  1 debut, 0 re-entries, 1 exit on a chart of 3

Top World, 2026-11-08
  New number one: Comet · Cleo
    after 1 week of Amihan · Ana
  Highest debut: Bagyo (feat. Ben) · Ana, Ben, at 2
  Biggest climb: Comet · Cleo, up 1 to 1
  1 debut, 0 re-entries, 1 exit on a chart of 3

Top PH: held back on 2026-11-08 (entries_at_least).

Data as of 2026-11-08 06:00 UTC.
"""


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    root = tmp_path_factory.mktemp("digest")
    write_lake(root / CURATED)
    load(root)
    return root


@BOTH
def test_each_charts_newest_edition_is_told_in_a_few_lines(lake, engine):
    with engine(lake) as ask:
        digest = build_digest(ask)
    assert digest.text == TEXT
    assert digest.subject == SUBJECT


@BOTH
def test_an_empty_lake_has_nothing_to_tell(tmp_path, engine):
    (tmp_path / CURATED).mkdir()
    load(tmp_path)
    with engine(tmp_path) as ask:
        assert build_digest(ask) is None


def at(day):
    return datetime(day.year, day.month, day.day, 7, tzinfo=UTC)


def write_two(lake, first, second):
    write_day(lake, DAY_1, first, at(DAY_1))
    write_day(lake, DAY_2, second, at(DAY_2))


def told(lake):
    """What both engines tell of a lake, which is the same."""
    load(lake)
    with demo_warehouse(lake) as ask:
        here = build_digest(ask)
    with local_athena(lake) as ask:
        assert build_digest(ask) == here
    return here


FIRST = {
    "chart_snapshots": [snapshot(DAY_1)],
    "song_trends": [trend("a", 1, "debut"), trend("b", 2, "debut"), trend("c", 3, "debut")],
    "tracks": named({"a": "Amihan", "b": "Bagyo", "c": "Comet"}),
    "chart_summary": [summary(3, 0, 0)],
}


def test_a_chart_with_one_day_has_nothing_to_be_compared_with(tmp_path):
    write_day(tmp_path, DAY_1, FIRST, at(DAY_1))
    digest = told(tmp_path)
    assert digest.subject == "Charts of 2026-11-01: no song came or went"
    assert digest.text == (
        "Top, 2026-11-01\n"
        "  Number one: Amihan, for 1 day\n"
        "  The first edition that there is: 3 songs\n"
        "\n"
        "Data as of 2026-11-01 06:00 UTC.\n"
    )


def test_of_songs_that_tie_the_best_ranked_is_told_and_how_many_they_are(tmp_path):
    second = {
        "chart_snapshots": [snapshot(DAY_2)],
        "song_trends": [
            trend("b", 1, "up", previous_rank=2, rank_change=1),
            trend("c", 2, "up", previous_rank=3, rank_change=1),
            trend("a", 3, "down", previous_rank=1, rank_change=-2),
        ],
        "chart_exits": [
            gone("x", streak_days=9, peak_rank=5),
            gone("y", streak_days=9, peak_rank=4),
            gone("z", streak_days=3, peak_rank=1),
        ],
        "tracks": named({"a": "Amihan", "b": "Bagyo", "c": "Comet"}),
        "chart_summary": [summary(0, 0, 3)],
    }
    write_two(tmp_path, {**FIRST, "tracks": [*FIRST["tracks"], *named(GONE)]}, second)
    digest = told(tmp_path)
    assert digest.subject == "Charts of 2026-11-02: 1 new number one, 3 exits"
    assert digest.text.splitlines()[:6] == [
        "Top, 2026-11-02",
        "  New number one: Bagyo",
        "    after 1 day of Amihan",
        "  Biggest climb: Bagyo, up 1 to 1 (one of 2)",
        "  Biggest fall: Amihan, down 2 to 3",
        "  Longest streak ended: Yelo, 9 days, best rank 4 (one of 2)",
    ]


GONE = {"x": "Xilo", "y": "Yelo", "z": "Zen"}


def gone(song, **values):
    known = {"chart_id": "top", "song_id": song, "track_id": song, "last_rank": 9}
    return known | {"days_on_chart": 9, "last_charted_on": DAY_1} | values


def test_a_first_place_that_holds_no_song_is_nobodys(tmp_path):
    second = {
        "chart_snapshots": [snapshot(DAY_2, null_entries=2)],
        "song_trends": [trend("b", 2, "same", previous_rank=2, rank_change=0)],
        "tracks": named({"b": "Bagyo"}),
        "chart_summary": [summary(0, 0, 0)],
    }
    write_two(tmp_path, FIRST, second)
    digest = told(tmp_path)
    assert digest.subject == "Charts of 2026-11-02: no song came or went"
    assert digest.text == (
        "Top, 2026-11-02\n"
        "  0 debuts, 0 re-entries, 0 exits on a chart of 3\n"
        "\n"
        "Top: 2 places without a song.\n"
        "\n"
        "Data as of 2026-11-02 06:00 UTC.\n"
    )


def test_who_takes_a_first_place_that_was_nobodys_replaces_nobody(tmp_path):
    first = {**FIRST, "song_trends": [trend("b", 2, "debut"), trend("c", 3, "debut")]}
    second = {
        "chart_snapshots": [snapshot(DAY_2)],
        "song_trends": [trend("a", 1, "debut")],
        "tracks": named({"a": "Amihan"}),
        "chart_summary": [summary(1, 0, 2)],
    }
    write_two(tmp_path, first, second)
    assert told(tmp_path).text.splitlines()[:3] == [
        "Top, 2026-11-02",
        "  New number one: Amihan",
        "  Highest debut: Amihan, at 1",
    ]


def test_a_return_is_told_up_to_the_tenth_place(tmp_path):
    for lake, rank, expected in [("tenth", 10, ["  Best return: Bagyo, at 10"]), ("next", 11, [])]:
        second = {
            "chart_snapshots": [snapshot(DAY_2)],
            "song_trends": [trend("b", rank, "re_entry")],
            "tracks": named({"b": "Bagyo"}),
            "chart_summary": [summary(0, 1, 0)],
        }
        write_two(tmp_path / lake, FIRST, second)
        lines = told(tmp_path / lake).text.splitlines()
        assert [line for line in lines if "return" in line] == expected


def test_a_chart_that_shows_last_weeks_edition_is_told_by_its_date(tmp_path):
    write_two(tmp_path, FIRST, {"chart_snapshots": [snapshot(DAY_2, is_repeat=True)]})
    assert told(tmp_path).text.startswith("Top, 2026-11-01\n")


def test_no_title_breaks_the_mail_or_adds_a_line_to_it(tmp_path):
    titles = {
        "a": "Sweet\r\nBcc: all@example.org\x00\x1b[31m\u2028\u202eevil",
        "b": "最後の交差点" * 12,
        "c": ACCENTED * 100,
    }
    artists = [{"artist_id": "x", "name": "Ana\nAna"}]
    second = {
        "chart_snapshots": [snapshot(DAY_2, chart_name="Top\n50 " + "x" * 90)],
        "song_trends": [
            trend("a", 1, "debut"),
            trend("b", 2, "up", previous_rank=4, rank_change=2),
            trend("c", 3, "down", previous_rank=1, rank_change=-2),
        ],
        "tracks": named(titles),
        "artists": artists,
        "track_artists": [{"track_id": "a", "artist_id": "x", "position": 1}],
        "chart_summary": [summary(1, 0, 0)],
    }
    write_two(tmp_path, FIRST, second)
    digest = told(tmp_path)
    lines = digest.text.split("\n")
    assert lines[:7] == [
        f"Top 50 {'x' * 58}…, 2026-11-02",
        "  New number one: Sweet Bcc: all@example.org [31m evil · Ana Ana",
        "    after 1 day of Amihan",
        "  Highest debut: Sweet Bcc: all@example.org [31m evil · Ana Ana, at 1",
        f"  Biggest climb: {('最後の交差点' * 12)[:25]}…, up 2 to 2",
        f"  Biggest fall: {ACCENTED * 46}…, down 2 to 3",
        "  1 debut, 0 re-entries, 0 exits on a chart of 3",
    ]
    assert max(map(width, lines)) <= 78
    assert digest.text.encode("utf-8").decode() == digest.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", digest.text)


def test_a_text_keeps_what_words_are_spelled_with():
    assert plain("می\u200cخواهم") == "می\u200cخواهم"
    assert plain("👩\u200d🚀 \ud800 x") == "👩\u200d🚀 x"
    assert plain(" \u202e\n") == plain(None) == "(no title)"


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("abcd efg", 6, "abcd…"),
        ("최후의", 6, "최후의"),
        ("최후의 x", 6, "최후…"),
        ("abc", 0, "…"),
    ],
)
def test_a_text_is_cut_to_the_columns_that_it_takes(text, columns, shown):
    assert fit(text, columns) == shown


def test_a_chart_of_which_an_earlier_capture_stays_is_said_to(tmp_path):
    rule = {"chart_id": "top", "rule": "ranks_unique", "observed": 1.0, "limit_value": 0.0}
    failed = {**FIRST, "quality_results": [rule | {"passed": False}]}
    write_run(tmp_path / CURATED, DAY_1, "20261101T070000Z", failed)
    assert "Top: held back on 2026-11-01 (ranks_unique); an earlier capture stays.\n" in (
        told(tmp_path).text
    )
