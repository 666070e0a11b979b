import pytest

from glue_jobs.tables.chart_summary import build_chart_summary
from tests.glue_jobs.tables.test_artist_trends import build
from tests.support.rows import rows
from tests.support.trend_builders import day, follow, frame_of

TRACKS = "snapshot_date date, track_id string, album_id string, duration_ms int, explicit boolean"
ALBUMS = "snapshot_date date, album_id string, release_date date, release_date_precision string"


def summarise(spark, charts):
    tracks = [
        (day(number), f"track {song}", song, duration, explicit)
        for number in charts
        for song, duration, explicit in [("A", 100, True), ("B", 200, None), ("C", 400, False)]
    ]
    albums = [
        (day(number), song, day(released), precision)
        for number in charts
        for song, released, precision in [("A", 1, "day"), ("B", 1, "year"), ("C", 2, "day")]
    ]
    editions, trends, exits = follow(spark, charts)
    return build_chart_summary(
        editions,
        trends,
        exits,
        frame_of(spark, tracks, TRACKS),
        frame_of(spark, albums, ALBUMS),
        build(spark, charts),
    )


def test_the_first_edition_has_debuts_and_no_turnover(spark):
    assert rows(
        summarise(spark, {5: "AB"}),
        "snapshot_date",
        "entries",
        "debuts",
        "re_entries",
        "exits",
        "turnover",
    ) == [(day(5), 2, 2, 0, 0, None)]


def test_turnover_is_the_share_of_songs_that_are_new(spark):
    found = summarise(spark, {5: "AB", 6: "CB", 7: "CA"}).where("snapshot_date > '2026-10-05'")
    assert rows(found, "snapshot_date", "debuts", "re_entries", "exits", "turnover") == [
        (day(6), 1, 0, 1, 0.5),
        (day(7), 0, 1, 1, 0.5),
    ]


def test_medians_and_shares_ignore_unknown_values(spark):
    assert rows(
        summarise(spark, {5: "ABC"}),
        "median_duration_ms",
        "explicit_share",
        "median_release_age_days",
    ) == [(200.0, 0.5, 3.5)]


def test_concentration_is_one_for_one_artist_and_falls_with_more(spark):
    (one,) = rows(summarise(spark, {5: "A"}), "artist_concentration")
    (three,) = rows(summarise(spark, {5: "ABC"}), "artist_concentration")
    assert one == (1.0,)
    assert three == (pytest.approx((5**2 + 2**2 + 1**2) / (5 + 2 + 1) ** 2),)
