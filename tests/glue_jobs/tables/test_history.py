"""What a run keeps of a long history before it joins it."""

from dataclasses import replace
from datetime import date

import pytest

from glue_jobs.frames import literal_frame
from glue_jobs.tables import history
from glue_jobs.tables.history import History

OLD, NEW = date(2026, 11, 1), date(2026, 11, 2)
ROWS = [("a", OLD), ("b", OLD), ("c", NEW), (None, OLD)]


@pytest.fixture
def rows(spark):
    found = [{"song_id": song, "snapshot_date": day} for song, day in ROWS]
    return literal_frame(spark, found, "song_id string, snapshot_date date")


@pytest.fixture
def long(rows):
    return History(rows, rows, rows, rows, rows, is_long=True)


def kept(frame):
    return sorted(tuple(row) for row in frame.where("song_id is not null").collect())


def values(spark, *ids):
    return literal_frame(spark, [{"song_id": value} for value in ids], "song_id string")


def test_rows_with_one_of_the_wanted_values_stay(spark, rows, long):
    assert kept(long.narrow(rows, {"song_id": values(spark, "a", "x", "a")})) == [("a", OLD)]


def test_one_of_several_columns_is_enough(spark, rows, long):
    days = literal_frame(spark, [{"snapshot_date": NEW}], "snapshot_date date")
    wanted = {"song_id": values(spark, "b"), "snapshot_date": days}
    assert kept(long.narrow(rows, wanted)) == [("b", OLD), ("c", NEW)]


def test_no_wanted_value_leaves_no_row(spark, rows, long):
    assert kept(long.narrow(rows, {"song_id": values(spark, None)})) == []


def test_a_short_history_is_not_narrowed(spark, rows, long):
    short = replace(long, is_long=False)
    assert short.narrow(rows, {"song_id": values(spark, "a")}) is rows


@pytest.mark.parametrize("ids", [("a", "b", "c"), ("a", "it's")])
def test_many_values_and_values_that_are_no_ids_narrow_nothing(spark, rows, long, ids, monkeypatch):
    monkeypatch.setattr(history, "MOST_LITERALS", 2)
    assert long.narrow(rows, {"song_id": values(spark, *ids)}) is rows
