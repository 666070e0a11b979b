"""The plain job that ours is compared with builds the tables that it claims."""

from datetime import date

from bench.programs.month_plain import (
    artist_trends,
    chart_exits,
    chart_summary,
    clean_release_date,
    read_entries,
    song_trends,
    track_artists,
)
from tests.support.rows import rows
from tests.support.spark_builders import entry, write_capture

FIRST, SECOND = date(2026, 10, 1), date(2026, 10, 2)


def test_a_release_date_may_be_a_month_or_a_year():
    texts = ["1981-05-13", "1981-05", "1981", "0000", None]
    assert [clean_release_date(text) for text in texts] == [
        date(1981, 5, 13),
        date(1981, 5, 1),
        date(1981, 1, 1),
        None,
        None,
    ]


def test_the_plain_tables_match_the_captures(root, spark):
    write_capture(root, "2026-10-01T06:00:00Z", [entry("a", "Ana", "Bo"), None, entry("b")])
    write_capture(root, "2026-10-02T06:00:00Z", [entry("b"), entry("a", "Ana", "Bo")])
    entries = read_entries(spark, f"s3://lake/{root.name}").localCheckpoint()
    trends = song_trends(entries)
    assert rows(trends, "snapshot_date", "rank", "id", "previous_rank", "days_on_chart") == [
        (FIRST, 1, "a", None, 1),
        (FIRST, 3, "b", None, 1),
        (SECOND, 1, "b", 3, 2),
        (SECOND, 2, "a", 1, 2),
    ]
    assert rows(track_artists(entries), "snapshot_date", "id", "artist_id", "pos") == [
        (FIRST, "a", "Ana", 0),
        (FIRST, "a", "Bo", 1),
        (FIRST, "b", "Ana", 0),
        (SECOND, "a", "Ana", 0),
        (SECOND, "a", "Bo", 1),
        (SECOND, "b", "Ana", 0),
    ]


def test_the_plain_job_builds_artists_exits_and_charts_too(root, spark):
    b = entry("b", explicit=False, duration_ms=1)
    write_capture(
        root, "2026-10-01T06:00:00Z", [entry("a", "Ana", "Bo", explicit=True, duration_ms=3), b]
    )
    write_capture(
        root, "2026-10-02T06:00:00Z", [b, entry("c", "Cy", explicit=False, duration_ms=5)]
    )
    entries = read_entries(spark, f"s3://lake/{root.name}").localCheckpoint()
    exits = chart_exits(entries)
    assert rows(exits, "snapshot_date", "id", "last_charted_on", "rank") == [
        (SECOND, "a", FIRST, 1)
    ]
    artists = artist_trends(entries)
    assert rows(artists, "snapshot_date", "id", "songs", "chart_points", "songs_change") == [
        (FIRST, "Ana", 2, 99, None),
        (FIRST, "Bo", 1, 50, None),
        (SECOND, "Ana", 1, 50, -1),
        (SECOND, "Cy", 1, 49, None),
    ]
    summary = chart_summary(entries)
    counts = ["entries", "debuts", "entered", "exits", "explicit_share", "median_duration_ms"]
    assert rows(summary, "snapshot_date", *counts) == [
        (FIRST, 2, 2, 2, 0, 0.5, 2.0),
        (SECOND, 2, 1, 1, 1, 0.0, 3.0),
    ]
