"""A long run is split into batches that fit its disks, and reports progress after each."""

import logging
from datetime import date

import pytest

from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from glue_jobs.build.batches import cut, progress
from tests.support.chart_file_builders import CHARTS_FILE, NEW
from tests.support.job_builders import DAYS, current, run, write_month
from tests.support.rows import rows
from tests.support.spark_builders import write_raw

A, B, C, D = (date(2026, 10, number) for number in range(1, 5))


@pytest.mark.parametrize(
    ("files", "parts"),
    [
        ({}, [[A, B, C], [D]]),
        ({A: 2, B: 2, C: 1, D: 4}, [[A, B, C], [D]]),
        ({A: 3, B: 2, C: 3, D: 1}, [[A, B], [C, D]]),
        ({A: 9, B: 9, C: 1, D: 4}, [[A], [B], [C, D]]),
        ({B: 5}, [[A, B, C], [D]]),
        ({D: 9}, [[A, B, C], [D]]),
    ],
)
def test_days_are_split_by_their_number_and_their_raw_files(files, parts):
    assert cut([A, B, C, D], files, most_days=3, most_files=5) == parts


def test_without_days_there_is_no_batch():
    assert cut([], {}, most_days=3, most_files=5) == []


def test_a_run_of_many_raw_files_is_split_and_gives_the_same_rows(spark, month, root, caplog):
    write_month(root)
    caplog.set_level(logging.INFO, "build_tables")
    run(spark, root, DAYS[0], DAYS[3], "20261009T000001Z", files_at_once=3)
    told = [message for message in caplog.messages if " days in " in message]
    assert [message.partition(" in ")[0] for message in told] == [
        "2026-10-01 to 2026-10-02: 6 chart entries; 2 of 4 days",
        "2026-10-03 to 2026-10-03: 5 chart entries; 3 of 4 days",
        "2026-10-04 to 2026-10-04: 5 chart entries; 4 of 4 days",
    ]
    for table in TABLES:
        if table.name not in ("quarantine", LOAD_MANIFEST.name):
            once, cut_up = current(spark, month, table.name), current(spark, root, table.name)
            assert rows(cut_up, *cut_up.columns) == rows(once, *once.columns), table.name


def test_chart_files_count_as_raw_files(spark, root, caplog):
    caplog.set_level(logging.INFO, "build_tables")
    charts = write_raw(root / "charts.toml", CHARTS_FILE)
    for day in (A, B):
        write_raw(root / f"raw/charts_csv/dt={day}/regional-us-daily-{day}.csv", NEW)
    options = {"files_at_once": 1, "charts_file": str(charts)}
    run(spark, root, A, B, "20261009T000001Z", **options)
    told = [message for message in caplog.messages if " days in " in message]
    assert [message.partition(" in ")[0] for message in told] == [
        "2026-10-01 to 2026-10-01: 4 chart entries; 1 of 2 days",
        "2026-10-02 to 2026-10-02: 4 chart entries; 2 of 2 days",
    ]


@pytest.mark.parametrize(
    ("entries", "done", "days", "told"),
    [
        (0, 1, 1, "0 chart entries; 1 of 1 day in 8 s, about 0 s left."),
        (1, 1, 2, "1 chart entry; 1 of 2 days in 8 s, about 8 s left."),
        (2, 2, 1204, "2 chart entries; 2 of 1,204 days in 8 s, about 4,808 s left."),
    ],
)
def test_progress_is_reported_in_entries_and_days(entries, done, days, told):
    assert progress(entries, done, days, seconds=8) == told
