"""The digest of a lake, as it is mailed; every number is calculated by hand."""

import re
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from rich.console import Console
from wcwidth import wcswidth

from chartlake.demo.run import show_digest
from chartlake.report.digest import Digest, build_digest
from chartlake.report.digest_lines import ChartDay, lines_of
from chartlake.report.plain_text import fit, plain
from chartlake.report.sources import demo_warehouse, local_athena
from tests.support.chart_lake import write_lake
from tests.support.digest_lakes import CURATED, debut, edition, load, moved, write_day

DAY_1, DAY_2 = date(2026, 11, 1), date(2026, 11, 2)
ACCENTED = "e\N{COMBINING ACUTE ACCENT}"
BOTH = pytest.mark.parametrize("engine", [demo_warehouse, local_athena])
SUBJECT = "Charts of 2026-11-08: 1 new number one, 2 debuts, 1 re-entry, 3 exits"
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
def test_each_charts_newest_edition_is_summarised_in_a_few_lines(lake, engine):
    with engine(lake) as ask:
        digest = build_digest(ask)
    assert digest == Digest(SUBJECT, TEXT)


def test_an_empty_lake_has_no_digest(tmp_path):
    (tmp_path / CURATED).mkdir()
    with local_athena(tmp_path) as ask:
        assert build_digest(ask) is None


def test_the_demo_shows_the_digest_as_it_is_mailed():
    out = StringIO()
    text = f"{TEXT}[red] :sun: [/] 최후 {'x' * 50}\n"
    show_digest(Digest(SUBJECT, text), Console(file=out, width=80, highlight=False))
    assert out.getvalue() == f"{SUBJECT}\n\n{text}\n"


def gone(song, streak_days, peak_rank):
    known = {"last_rank": 9, "days_on_chart": 9, "last_charted_on": DAY_1}
    return known | {"song_id": song, "streak_days": streak_days, "peak_rank": peak_rank}


def back(song, rank):
    return {"song_id": song, "rank": rank, "movement": "re_entry"}


HOSTILE = {
    "a": "Sweet\r\nBcc: all@example.org\x00\x1b[31m\u2028\u202eevil",
    "b": "最後の交差点" * 12,
    "c": ACCENTED * 100,
}
RULES = [
    {"chart_id": "kept", "rule": rule, "passed": rule == "keys_unique"}
    for rule in ("keys_unique", "ranks_unique")
]
SECOND_DAY = [
    edition(
        "ties",
        moved("b", 2, 1),
        moved("c", 3, 2),
        moved("a", 1, 3),
        gone=[gone("x", 9, 5), gone("y", 9, 4), gone("z", 3, 1)],
        counts=(0, 0, 3),
    ),
    edition("nobody now", moved("b", 2, 2), null_entries=2),
    edition("nobody before", debut("d", 1), counts=(1, 0, 0)),
    edition("back at 10", back("d", 10), counts=(0, 1, 0)),
    edition("back at 11", back("d", 11), counts=(0, 1, 0)),
    edition("one day ended", moved("a", 1, 1), gone=[gone("z", 1, 4)], counts=(0, 0, 1)),
    edition("kept", moved("a", 1, 1)) | {"quality_results": RULES},
    edition("regained", debut("c", 1), counts=(1, 0, 0)),
    edition("alone", debut("a", 1), debut("b", 2), counts=(2, 0, 0)),
    edition(
        "hostile\n50 " + "x" * 90,
        debut("a", 1),
        moved("b", 4, 2),
        moved("c", 1, 3),
        titles=HOSTILE,
        counts=(1, 0, 0),
    ),
]
FIRST_DAY = [
    edition(
        "ties", debut("a", 1), debut("b", 2), debut("c", 3), gone=[gone(s, 1, 1) for s in "xyz"]
    ),
    edition("nobody before", debut("b", 2)),
    *(
        edition(chart, debut("a", 1), gone=[gone("z", 1, 1)])
        for chart in ("nobody now", "back at 10", "back at 11", "one day ended", "kept", "repeats")
    ),
    edition("hostile\n50 " + "x" * 90, debut("z", 1)),
]


BEFORE = {
    date(2026, 10, 30): edition("regained", debut("a", 1)),
    date(2026, 10, 31): edition("regained", debut("b", 1)),
    DAY_1: edition("regained", back("a", 1)),
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """The digest of a lake of odd charts, the same in both engines."""
    root = tmp_path_factory.mktemp("odd")
    again = {"chart_snapshots": edition("repeats", is_repeat=True)["chart_snapshots"]}
    for day, regained in BEFORE.items():
        whole = [regained, *(FIRST_DAY if day == DAY_1 else [])]
        write_day(root, day, whole, datetime(day.year, day.month, day.day, 7, tzinfo=UTC))
    write_day(root, DAY_2, [*SECOND_DAY, again], datetime(2026, 11, 2, 7, tzinfo=UTC))
    load(root)
    with demo_warehouse(root) as ask:
        here = build_digest(ask)
    with local_athena(root) as ask:
        assert build_digest(ask) == here
    return here


def block(digest, name):
    """The lines of a chart."""
    [found] = [b for b in digest.text.split("\n\n") if b.startswith(name) and "\n" in b]
    return found.splitlines()


def test_of_tied_songs_the_best_ranked_is_named_and_the_ties_counted(odd):
    assert block(odd, "ties") == [
        "ties, 2026-11-02",
        "  New number one: B",
        "    after 1 day of A",
        "  Biggest climb: B, up 1 to 1 (one of 2)",
        "  Biggest fall: A, down 2 to 3",
        "  Longest streak ended: Y, 9 days, best rank 4 (one of 2)",
        "  0 debuts, 0 re-entries, 3 exits on a chart of 3",
    ]


def test_a_first_place_without_a_song_has_no_number_one(odd):
    assert block(odd, "nobody now") == [
        "nobody now, 2026-11-02",
        "  0 debuts, 0 re-entries, 0 exits on a chart of 3",
    ]
    assert "\nnobody now: 2 places without a song.\n" in odd.text


def test_a_new_number_one_after_an_empty_place_replaces_nobody(odd):
    assert block(odd, "nobody before")[1:3] == [
        "  New number one: D",
        "  Highest debut: D, at 1",
    ]


def test_days_at_number_one_are_counted_since_it_was_regained(odd):
    """A was number one on 30 October, lost it for a day, and had it again on 1 November."""
    assert block(odd, "regained")[1:3] == ["  New number one: C", "    after 1 day of A"]


def test_returns_are_listed_up_to_the_tenth_place(odd):
    assert block(odd, "back at 10")[1:-1] == ["  Best return: D, at 10"]
    assert block(odd, "back at 11")[1:-1] == []


def test_a_streak_of_one_edition_is_not_reported(odd):
    assert block(odd, "one day ended") == [
        "one day ended, 2026-11-02",
        "  Number one: A, for 2 days",
        "  0 debuts, 0 re-entries, 1 exit on a chart of 3",
    ]


def test_a_chart_with_one_day_has_no_comparison(odd):
    assert block(odd, "alone") == [
        "alone, 2026-11-02",
        "  Number one: A, for 1 day",
        "  The first edition that there is: 3 songs",
    ]


def test_a_day_that_repeats_an_edition_is_reported_as_that_edition(odd):
    assert block(odd, "repeats")[0] == "repeats, 2026-11-01"


def test_a_chart_that_kept_an_earlier_capture_says_so(odd):
    assert "\nkept: held back on 2026-11-02 (ranks_unique); an earlier capture stays.\n" in odd.text


def test_the_subject_counts_changes_since_the_previous_edition(odd):
    assert odd.subject == "Charts of 2026-11-02: 4 new number ones, 3 debuts, 2 re-entries, 4 exits"


def test_no_title_breaks_the_mail_or_adds_a_line(odd):
    assert block(odd, "hostile") == [
        f"hostile 50 {'x' * 54}…, 2026-11-02",
        "  New number one: Sweet Bcc: all@example.org [31m evil",
        "    after 1 day of Z",
        "  Highest debut: Sweet Bcc: all@example.org [31m evil, at 1",
        f"  Biggest climb: {('最後の交差点' * 12)[:24]}…, up 2 to 2",
        f"  Biggest fall: {ACCENTED * 48}…, down 2 to 3",
        "  1 debut, 0 re-entries, 0 exits on a chart of 3",
    ]
    lines = odd.text.split("\n")
    assert max(map(wcswidth, lines)) <= 78
    assert odd.text.encode("utf-8").decode() == odd.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", odd.text)
    assert re.fullmatch(r"[0-9A-Za-z][\x20-\x7e]{1,98}", odd.subject)


def test_without_a_previous_edition_the_subject_says_so(tmp_path):
    write_day(tmp_path, DAY_1, [edition("alone", debut("a", 1))], datetime(2026, 11, 1, tzinfo=UTC))
    with local_athena(tmp_path) as ask:
        digest = build_digest(ask)
    assert digest
    assert digest.subject == "Charts of 2026-11-01: nothing to compare with yet"


def test_a_text_keeps_the_joiners_that_spelling_needs():
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
def test_a_text_is_truncated_to_its_columns(text, columns, shown):
    assert fit(text, columns) == shown


def told_of(number, **pulse):
    """The lines of a chart whose every number is the same."""
    counts = dict.fromkeys(("entries", "debuts", "re_entries", "exits"), number)
    named = {"chart_name": "C", "cadence": "daily", "snapshot_date": DAY_2}
    first = {"snapshot_date": DAY_2, "song_id": "a", "title": "A", "artists": "B"}
    before = first | {"snapshot_date": DAY_1}
    known = named | counts | {"previous_edition_on": DAY_1} | pulse
    return lines_of(
        ChartDay(known, [first | {"editions": number}, before | {"editions": number}], [], [])
    )


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (0, "  0 debuts, 0 re-entries, 0 exits on a chart of 0"),
        (1, "  1 debut, 1 re-entry, 1 exit on a chart of 1"),
        (2, "  2 debuts, 2 re-entries, 2 exits on a chart of 2"),
    ],
)
def test_entries_and_exits_are_counted(number, line):
    assert told_of(number)[-1] == line


@pytest.mark.parametrize(
    ("number", "songs", "days", "weeks"),
    [
        (0, "0 songs", "0 days", "0 weeks"),
        (1, "1 song", "1 day", "1 week"),
        (2, "2 songs", "2 days", "2 weeks"),
    ],
)
def test_songs_days_and_weeks_are_counted(number, songs, days, weeks):
    first = told_of(number, previous_edition_on=None)
    assert first[-1] == f"  The first edition that there is: {songs}"
    assert told_of(number)[1] == f"  Number one: A · B, for {days}"
    assert told_of(number, cadence="weekly")[1] == f"  Number one: A · B, for {weeks}"


@pytest.mark.parametrize(
    ("places", "line"), [(1, "1 place without a song."), (2, "2 places without a song.")]
)
def test_the_places_without_a_song_are_counted(tmp_path, places, line):
    chart = edition("top", debut("a", 1), null_entries=places)
    write_day(tmp_path, DAY_1, [chart], datetime(2026, 11, 1, tzinfo=UTC))
    with local_athena(tmp_path) as ask:
        digest = build_digest(ask)
    assert digest
    assert f"\ntop: {line}\n" in digest.text
