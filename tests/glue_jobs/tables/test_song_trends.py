import pytest
from pyspark.sql import functions as F

from glue_jobs.tables.song_trends import build_song_trends
from tests.support.rows import rows
from tests.support.trend_builders import day, entries_of, follow, frame_of, nothing_published

MOVES = ["snapshot_date", "song_id", "rank", "previous_rank", "rank_change", "movement"]
COUNTS = ["snapshot_date", "song_id", "peak_rank", "days_on_chart", "streak_days"]


def test_movement_is_relative_to_the_previous_edition(spark):
    _, trends, _ = follow(spark, {1: "ABC", 2: "BAD", 3: "BDC"})
    assert rows(trends, *MOVES) == [
        (day(1), "A", 1, None, None, "debut"),
        (day(1), "B", 2, None, None, "debut"),
        (day(1), "C", 3, None, None, "debut"),
        (day(2), "A", 2, 1, -1, "down"),
        (day(2), "B", 1, 2, 1, "up"),
        (day(2), "D", 3, None, None, "debut"),
        (day(3), "B", 1, 1, 0, "same"),
        (day(3), "C", 3, None, None, "re_entry"),
        (day(3), "D", 2, 3, 1, "up"),
    ]


def test_days_accumulate_and_an_absence_ends_a_streak(spark):
    _, trends, _ = follow(spark, {1: "XA", 2: "AX", 3: "XY", 4: "XA", 5: "XA", 6: "AX"})
    song = trends.where("song_id = 'A'")
    assert rows(song, *COUNTS, "first_charted_on") == [
        (day(1), "A", 2, 1, 1, day(1)),
        (day(2), "A", 1, 2, 2, day(1)),
        (day(4), "A", 1, 3, 1, day(1)),
        (day(6), "A", 1, 4, 2, day(1)),
    ]


def test_a_missing_day_is_a_gap_and_not_an_exit(spark):
    _, trends, exits = follow(spark, {1: "AB", 5: "BA"})
    assert rows(trends.where("snapshot_date > '2026-10-01'"), *MOVES, "streak_days") == [
        (day(5), "A", 2, 1, -1, "down", 2),
        (day(5), "B", 1, 2, 1, "up", 2),
    ]
    assert rows(exits, "song_id") == []


def test_a_repeated_edition_is_not_counted(spark):
    _, trends, _ = follow(spark, {1: "AB", 2: "AB", 3: "AB", 4: "BA"})
    assert rows(trends, *MOVES[:2], "days_on_chart", "previous_rank") == [
        (day(1), "A", 1, None),
        (day(1), "B", 1, None),
        (day(4), "A", 2, 1),
        (day(4), "B", 2, 2),
    ]


def test_a_song_listed_twice_counts_once_at_its_better_rank(spark):
    _, trends, _ = follow(spark, {1: "ABA", 2: "BAA"})
    assert rows(trends, "snapshot_date", "song_id", "rank", "days_on_chart", "streams") == [
        (day(1), "A", 1, 1, 196),
        (day(1), "B", 2, 1, 98),
        (day(2), "A", 2, 2, 195),
        (day(2), "B", 1, 2, 99),
    ]


def test_stream_changes_are_relative_to_the_previous_edition(spark):
    _, trends, _ = follow(spark, {1: "AB", 2: "BC", 3: "BA"})
    assert rows(trends, "song_id", "snapshot_date", "streams", "streams_change") == [
        ("A", day(1), 99, None),
        ("A", day(3), 98, None),
        ("B", day(1), 98, None),
        ("B", day(2), 99, 1),
        ("B", day(3), 99, 0),
        ("C", day(2), 98, None),
    ]


def test_charts_are_independent_of_each_other(spark):
    entries = entries_of(spark, {1: "AB"}).union(entries_of(spark, {2: "BA"}, chart_id="other"))
    editions = frame_of(
        spark,
        [("top", day(1), None), ("other", day(2), None)],
        "chart_id string, snapshot_date date, previous_edition date",
    )
    trends = build_song_trends(entries, editions, nothing_published(spark))
    assert rows(trends, "chart_id", "song_id", "movement", "days_on_chart") == [
        ("other", "A", "debut", 1),
        ("other", "B", "debut", 1),
        ("top", "A", "debut", 1),
        ("top", "B", "debut", 1),
    ]


CHARTS = {1: "ABC", 2: "BAD", 4: "BDC", 5: "BDC", 6: "CEA", 9: "ACB"}


@pytest.fixture(scope="module")
def whole(spark):
    _, trends, exits = follow(spark, CHARTS)
    return rows(trends, *trends.columns), rows(exits, *exits.columns)


@pytest.mark.parametrize("last_of_first", [1, 2, 4, 6])
def test_splitting_a_range_anywhere_gives_the_same_rows(spark, whole, last_of_first):
    _, first, first_exits = follow(spark, {n: c for n, c in CHARTS.items() if n <= last_of_first})
    newest = F.max_by(F.struct(*first.columns), "snapshot_date").alias("newest")
    state = first.groupBy("chart_id", "song_id").agg(newest).select("newest.*").localCheckpoint()
    # The second run knows from the last snapshot that day 5 repeats day 4.
    later = {n: c for n, c in CHARTS.items() if n > last_of_first and n != 5}
    _, second, second_exits = follow(spark, later, state)
    assert rows(first.union(second), *first.columns) == whole[0]
    assert rows(first_exits.union(second_exits), *first_exits.columns) == whole[1]
