"""The report that holds our trends against what official chart files say of themselves."""

import logging
from datetime import date, timedelta
from pathlib import Path

import pytest

from glue_jobs.errors import JobError
from glue_jobs.verify_trends import main, verify
from tests.chart_file_cases import OLD
from tests.spark_cases import write_raw

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


def write_daily(root: Path, charts: list[list[Row]], first: date = FIRST) -> None:
    for number, rows in enumerate(charts):
        name = f"regional-us-daily-{first + timedelta(days=number)}.csv"
        write_raw(root / name, chart_file(rows))


def report(spark, root, pattern="*.csv") -> str:
    return verify(spark, [f"s3://lake/{root.name}/{pattern}"])


def lines_of(text: str) -> list[list[str]]:
    """The table's words, line by line."""
    return [line.split() for line in text.partition("\n\n")[0].splitlines()[1:]]


def test_a_chart_from_its_first_day_on_agrees_in_every_row(spark, root):
    write_daily(root, BEGINNING)
    told = report(spark, root)
    assert lines_of(told) == [
        ["us_daily", "previous_rank", "4", "0", "100.00", "%"],
        ["us_daily", "peak_rank", "4", "0", "100.00", "%"],
        ["us_daily", "days_on_chart", "4", "0", "100.00", "%"],
    ]
    assert told.endswith("\n\nNo song disagrees.\n")


def test_what_disagrees_is_counted_and_its_song_named(spark, root):
    wrong = [*BEGINNING[:2], [("C", 1, 1, 2), ("B", 1, -1, 7)]]
    write_daily(root, wrong)
    told = report(spark, root)
    assert [line[1:5] for line in lines_of(told)] == [
        ["previous_rank", "4", "0", "100.00"],
        ["peak_rank", "4", "1", "75.00"],
        ["days_on_chart", "4", "1", "75.00"],
    ]
    assert told.partition("Songs that disagree most:\n")[2] == (
        "     1 rows  Song B - Artist of B (us_daily, track 000000000000000000000B)\n"
        "             first on 2026-10-03: peak_rank is 1 officially, 2 computed\n"
    )
