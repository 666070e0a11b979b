"""The report that compares our trends with the values in official chart files."""

import contextlib
import logging
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from glue_jobs.job.errors import JobError
from glue_jobs.verify.report import describe
from glue_jobs.verify.verify_trends import verify
from tests.support.chart_file_builders import OLD, with_extra
from tests.support.spark_builders import write_raw

HEADER = "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,{}_on_chart,streams\n"
FIRST = date(2026, 10, 1)
Row = tuple[str, int, int, int]
"""Song, peak rank, previous rank, days on the chart; its rank is its place."""

BEGINNING: list[list[Row]] = [
    [("A", 1, -1, 1), ("B", 2, -1, 1)],
    [("C", 1, -1, 1), ("A", 1, 1, 2)],
    [("C", 1, 1, 2), ("B", 2, -1, 2)],
]


def chart_file(rows: list[Row], unit: str = "days") -> str:
    lines = [
        f'{rank},"spotify:track:{song:0>22}","Artist of {song}","Song {song}","Label",'
        f'{peak},{previous},{days},"{100 - rank}"\n'
        for rank, (song, peak, previous, days) in enumerate(rows, start=1)
    ]
    return "\ufeff" + HEADER.format(unit) + "".join(lines)


def write_daily(
    root: Path, charts: list[list[Row]], first: date = FIRST, market: str = "us"
) -> None:
    for number, rows in enumerate(charts):
        name = f"regional-{market}-daily-{first + timedelta(days=number)}.csv"
        write_raw(root / name, chart_file(rows))


def write_weekly(root: Path, charts: list[list[Row]], first: date, market: str) -> None:
    for number, rows in enumerate(charts):
        name = f"regional-{market}-weekly-{first + timedelta(weeks=number)}.csv"
        write_raw(root / name, chart_file(rows, "weeks"))


def report(spark, root, pattern="*.csv") -> str:
    return verify(spark, [f"s3://lake/{root.name}/{pattern}"])


def lines_of(text: str) -> list[list[str]]:
    """The table's words, line by line."""
    return [line.split() for line in text.partition("\n\n")[0].splitlines()[1:]]


def test_a_chart_since_its_first_day_agrees_in_every_row(spark, root):
    write_daily(root, BEGINNING)
    told = report(spark, root)
    assert lines_of(told) == [
        ["us_daily", "previous_rank", "4", "0", "100.00", "%", "0", "100.00", "%"],
        ["us_daily", "peak_rank", "4", "0", "100.00", "%", "0", "100.00", "%"],
        ["us_daily", "days_on_chart", "4", "0", "100.00", "%", "0", "100.00", "%"],
    ]
    assert told.endswith("\n\nNo song disagrees.\n")


def test_disagreements_are_counted_and_a_song_is_named(spark, root):
    wrong = [*BEGINNING[:2], [("C", 1, 1, 2), ("B", 1, -1, 7)]]
    write_daily(root, wrong)
    told = report(spark, root)
    assert [line[1:5] for line in lines_of(told)] == [
        ["previous_rank", "4", "0", "100.00"],
        ["peak_rank", "4", "1", "75.00"],
        ["days_on_chart", "4", "1", "75.00"],
    ]
    assert told.partition("Songs that disagree most:\n")[2] == (
        "      1 row  Song B - Artist of B (us_daily, track 000000000000000000000B)\n"
        "             first on 2026-10-03: peak_rank is 1 officially, 2 computed\n"
    )


def test_a_gap_starts_a_segment_seeded_from_its_first_day(spark, root):
    """After a gap, a new segment starts from what its first day says."""
    write_daily(root, BEGINNING)
    after = [[("A", 1, -1, 9), ("B", 2, -1, 8)], [("B", 1, 2, 9), ("A", 1, 1, 10)]]
    write_daily(root, after, date(2026, 10, 20))
    told = report(spark, root)
    assert [line[2:4] for line in lines_of(told)] == [["6", "0"]] * 3
    assert "Unknowable" not in told


def test_unknowable_rows_are_counted_and_wrong_in_the_last_column(spark, root):
    """Rows that the files cannot decide are counted; the last column takes them as wrong."""
    charts: list[list[Row]] = [
        [("A", 1, 2, 40)],
        [("A", 1, 1, 41), ("Old", 1, -1, 30), ("New", 3, -1, 1)],
        [("Old", 1, 2, 31), ("New", 2, 3, 2), ("A", 1, 1, 42)],
    ]
    write_daily(root, charts)
    told = report(spark, root)
    assert lines_of(told) == [
        ["us_daily", "previous_rank", "6", "0", "100.00", "%", "0", "100.00", "%"],
        ["us_daily", "peak_rank", "4", "0", "100.00", "%", "2", "66.67", "%"],
        ["us_daily", "days_on_chart", "4", "0", "100.00", "%", "2", "66.67", "%"],
    ]
    assert "\n\nUnknowable rows are not compared: their songs have more days" in told
    assert max(map(len, told.splitlines())) <= 100


def counts_of(told: str) -> dict[str, tuple[str, str, str, str]]:
    """Per chart: previous ranks, peaks and days that disagree, and unknowable days."""
    lines = lines_of(told)
    three = zip(lines[::3], lines[1::3], lines[2::3], strict=True)
    return {days[0]: (previous[3], peak[3], days[3], days[-3]) for previous, peak, days in three}


def test_a_song_that_its_previous_rank_places_in_a_file_disagrees(spark, root):
    """A song was in the file before if its previous rank says so; then it disagrees."""
    split: list[list[Row]] = [
        [("A", 1, 1, 40), ("B", 2, 2, 30)],
        [("A", 1, 1, 41), ("Bx", 2, 2, 31)],
        [("Bx", 1, 2, 32), ("A", 1, 1, 42)],
    ]
    returning: list[list[Row]] = [split[0], [("A", 1, 1, 41), ("C", 2, -1, 31)]]
    write_daily(root, split, market="aa")
    write_daily(root, returning, market="ab")
    write_daily(root, [[("D", 1, 1, 9)]], date(2026, 9, 1), "ac")
    write_daily(root, split, market="ac")
    told = counts_of(report(spark, root))
    assert told == {
        "aa_daily": ("1", "0", "2", "0"),
        "ab_daily": ("0", "0", "0", "1"),
        "ac_daily": ("1", "0", "2", "0"),
        "all": ("2", "0", "4", "1"),
    }


def test_a_song_with_more_days_than_possible_disagrees(spark, root):
    """A song with more days than its chart had editions before the files disagrees."""

    def returns(days: int) -> list[list[Row]]:
        return [[("A", 1, 1, 2)], [("A", 1, 1, 3), ("Old", 2, -1, days)]]

    # Four days and two weeks before these files; none before a first edition.
    write_daily(root, returns(5), date(2017, 1, 5), "aa")
    write_daily(root, returns(6), date(2017, 1, 5), "ab")
    write_weekly(root, returns(3), date(2017, 1, 12), "ac")
    write_weekly(root, returns(4), date(2017, 1, 12), "ad")
    write_daily(root, [[("A", 1, -1, 1)], [("A", 1, 1, 2), ("Old", 2, -1, 2)]], market="ae")
    write_daily(root, returns(1), date(2017, 1, 5), "af")
    told = counts_of(report(spark, root))
    assert told == {
        "aa_daily": ("0", "0", "0", "1"),
        "ab_daily": ("0", "0", "1", "0"),
        "ac_weekly": ("0", "0", "0", "1"),
        "ad_weekly": ("0", "0", "1", "0"),
        "ae_daily": ("0", "0", "1", "0"),
        "af_daily": ("0", "0", "0", "0"),
        "all": ("0", "0", "3", "2"),
    }


def test_a_song_first_seen_in_an_old_file_may_be_known(spark, root):
    """A song first seen in a file of the old format is known if all its days are shown."""
    song = "00000000000000000000a1"
    old = OLD.replace("Tide, Harbour & Co", f"Artist of {song}").replace(
        "Low Water", f"Song {song}"
    )
    for market, days in [("aa", 2), ("ab", 3)]:
        write_daily(root, [[("B", 1, 1, 9)]], FIRST, market)
        write_raw(root / f"regional-{market}-daily-2026-10-02.csv", old)
        write_daily(root, [[(song, 1, 1, days)]], date(2026, 10, 3), market)
    told = counts_of(report(spark, root))
    assert told == {
        "aa_daily": ("0", "0", "0", "0"),
        "ab_daily": ("0", "0", "0", "1"),
        "all": ("0", "0", "0", "1"),
    }


def test_ignored_columns_are_named_once(spark, root, caplog):
    caplog.set_level(logging.INFO, "verify_trends")
    for number, rows in enumerate(BEGINNING, start=1):
        text = with_extra(chart_file(rows), "duration_ms", *"11")
        write_raw(root / f"regional-us-daily-2026-10-0{number}.csv", text)
    assert [line[2:4] for line in lines_of(report(spark, root))] == [["4", "0"]] * 3
    told = [record.getMessage() for record in caplog.records]
    assert [line for line in told if "columns" in line] == [
        "Extra columns are ignored: duration_ms in 3 files."
    ]


def test_files_in_the_old_format_are_editions_and_are_not_compared(spark, root, caplog):
    song = "00000000000000000000a1"
    seed: list[Row] = [(song, 1, -1, 1)]
    write_daily(root, [seed], FIRST)
    old = OLD.replace("Tide, Harbour & Co", f"Artist of {song}").replace(
        "Low Water", f"Song {song}"
    )
    write_raw(root / "regional-us-daily-2026-10-02.csv", old)
    write_daily(root, [[(song, 1, 1, 3)]], date(2026, 10, 3))
    assert [line[2:4] for line in lines_of(report(spark, root))] == [["1", "0"]] * 3


def test_weekly_charts_are_compared_week_by_week_beside_daily_ones(spark, root, caplog):
    caplog.set_level(logging.WARNING)
    write_daily(root, BEGINNING[:2])
    for name, rows in [("01", BEGINNING[0]), ("08 (1)", BEGINNING[1])]:
        file = root / f"regional-global-weekly-2026-10-{name}.csv"
        write_raw(file, chart_file(rows, "weeks"))
    write_raw(root / "regional-us-daily-2026-10-09.csv", "<!doctype html>")
    write_raw(root / "regional-us-daily-2026-10-10.csv", "")
    write_raw(root / "regional-us-daily-2026-02-31.csv", chart_file(BEGINNING[0]))
    told = lines_of(report(spark, root))
    assert [line[:3] for line in told[::3]] == [
        ["global_weekly", "previous_rank", "2"],
        ["us_daily", "previous_rank", "2"],
        ["all", "previous_rank", "4"],
    ]
    named = [record.getMessage().rpartition("/")[2] for record in caplog.records]
    assert named == [
        "regional-us-daily-2026-02-31.csv: The file name is not that of a chart file.",
        "regional-us-daily-2026-10-09.csv: The file is a web page.",
        "regional-us-daily-2026-10-10.csv: The file is empty.",
    ]


def test_unreadable_rows_are_counted_and_shown(spark, root, caplog):
    write_daily(root, BEGINNING[:1])
    broken = chart_file(BEGINNING[1]) + 'three,"spotify:track:x"\n4\n'
    write_raw(root / "regional-us-daily-2026-10-02.csv", broken)
    write_raw(root / "regional-us-daily-2026-10-03.csv", f"{chart_file([])}4\n")
    assert [line[2:4] for line in lines_of(report(spark, root))] == [["2", "0"]] * 3
    assert [record.getMessage().rpartition("/")[2] for record in caplog.records] == [
        'regional-us-daily-2026-10-02.csv: 2 rows cannot be read; first: three,"spotify:track:x"',
        "regional-us-daily-2026-10-03.csv: 1 row cannot be read; first: 4",
    ]


def test_the_newer_of_two_files_for_a_day_counts_and_the_other_is_named(spark, root, caplog):
    write_daily(root, BEGINNING)
    older = write_raw(root / "regional-us-daily-2026-10-03 (1).csv", chart_file([("Z", 9, 9, 9)]))
    os.utime(older, (0, 0))
    assert [line[2:4] for line in lines_of(report(spark, root))] == [["4", "0"]] * 3
    assert [record.getMessage().rpartition("/")[2] for record in caplog.records] == [
        "regional-us-daily-2026-10-03 (1).csv: A newer file of its chart and day exists."
    ]


def test_a_song_listed_twice_counts_once_at_its_better_rank(spark, root):
    twice: list[list[Row]] = [
        [("A", 1, -1, 1), ("B", 2, -1, 1)],
        [("B", 1, 2, 2), ("A", 1, 1, 2), ("B", 1, 2, 2)],
        [("B", 1, 1, 3), ("A", 1, 2, 3)],
    ]
    write_daily(root, twice)
    assert [line[1:4] for line in lines_of(report(spark, root))] == [
        ["previous_rank", "4", "0"],
        ["peak_rank", "4", "0"],
        ["days_on_chart", "4", "0"],
    ]


def test_an_unreachable_location_gives_one_error_message(spark):
    with pytest.raises(JobError, match=r"^s4://lake/\*\.csv cannot be looked up: No FileSystem "):
        verify(spark, ["s4://lake/*.csv"])


def test_no_files_and_nothing_to_compare_give_one_error_message(spark, root):
    with pytest.raises(JobError, match=r"^No file was found\. Check the paths .*\.$"):
        report(spark, root)
    write_daily(root, BEGINNING[:1])
    with pytest.raises(JobError, match=r"^Nothing could be compared\."):
        report(spark, root)


@pytest.mark.parametrize(("unknowable", "is_explained"), [(0, False), (1, True)])
def test_unknowable_rows_are_explained_if_there_are_any(unknowable, is_explained):
    columns = ("previous_rank", "peak_rank", "days_on_chart")
    kinds = {"compared": 3, "disagree": 1, "unknowable": unknowable}
    counts = {f"{name}_{kind}": count for name in columns for kind, count in kinds.items()}
    report = describe([{"chart": "us_daily", **counts}], [])
    assert ("Unknowable rows are not compared:" in report) is is_explained


@pytest.mark.parametrize(("rows", "line"), [(1, "      1 row  B - A"), (2, "     2 rows  B - A")])
def test_the_rows_of_a_disagreeing_song_are_counted(rows, line):
    example = {"day": "2026-10-03", "column": "peak_rank", "official": 1, "computed": 2}
    song = {"title": "B", "artists": "A", "chart": "us_daily", "track_id": "b"}
    told = describe([], [song | {"rows": rows, "example": example}])
    assert f"{line} (us_daily, track b)\n" in told


@pytest.mark.parametrize(("files", "told"), [(1, "Reading 1 file."), (2, "Reading 2 files.")])
def test_the_files_that_are_read_are_counted(spark, root, caplog, files, told):
    caplog.set_level(logging.INFO, "verify_trends")
    write_daily(root, BEGINNING[:files])
    with contextlib.suppress(JobError):
        report(spark, root)
    assert told in caplog.messages
