import pytest

from chartlake.contract.tables import ARTIST_TRENDS
from glue_jobs.frames import literal_frame
from glue_jobs.tables.artist_trends import build_artist_trends
from tests.support.rows import rows
from tests.support.trend_builders import day, entries_of, follow, frame_of, snapshots_of

CREDITS = {"A": ["Ana"], "B": ["Ana", "Bo"], "C": ["Cy"]}


def credits_of(spark, days):
    return frame_of(
        spark,
        [
            (day(number), f"track {song}", artist, place)
            for number in days
            for song, artists in CREDITS.items()
            for place, artist in enumerate(artists, start=1)
        ],
        "snapshot_date date, track_id string, artist_id string, position int",
    )


def build(spark, charts, previous=None):
    nothing = literal_frame(spark, [], ARTIST_TRENDS.ddl).drop("run_id")
    editions, trends, _ = follow(spark, charts)
    return build_artist_trends(
        trends,
        entries_of(spark, charts),
        credits_of(spark, charts),
        snapshots_of(spark, charts),
        editions,
        nothing if previous is None else previous,
    )


def test_an_artist_gets_the_points_of_every_credited_song(spark):
    found = build(spark, {1: "ABC"})
    assert rows(found, "artist_id", "songs", "best_rank", "chart_points", "streams") == [
        ("Ana", 2, 1, 5, 197),
        ("Bo", 1, 2, 2, 98),
        ("Cy", 1, 3, 1, 97),
    ]
    shares = {artist: share for artist, share in rows(found, "artist_id", "points_share")}
    assert shares == pytest.approx({"Ana": 5 / 6, "Bo": 2 / 6, "Cy": 1 / 6})


def test_an_omitted_place_still_counts_as_a_place(spark):
    assert rows(build(spark, {1: "A.C"}), "artist_id", "chart_points") == [("Ana", 3), ("Cy", 1)]


def test_changes_are_relative_to_the_previous_edition(spark):
    found = build(spark, {1: "AC", 2: "CB", 3: "BA"})
    changes = ["artist_id", "snapshot_date", "songs", "songs_change", "streams_change"]
    assert rows(found, *changes) == [
        ("Ana", day(1), 1, None, None),
        ("Ana", day(2), 1, 0, -1),
        ("Ana", day(3), 2, 1, 99),
        ("Bo", day(2), 1, None, None),
        ("Bo", day(3), 1, 0, 1),
        ("Cy", day(1), 1, None, None),
        ("Cy", day(2), 1, 0, 1),
    ]
    share_changes = dict(
        rows(found.where("artist_id = 'Ana'"), "snapshot_date", "points_share_change")
    )
    assert share_changes == {
        day(1): None,
        day(2): pytest.approx(1 / 3 - 2 / 3),
        day(3): pytest.approx(3 / 3 - 1 / 3),
    }
