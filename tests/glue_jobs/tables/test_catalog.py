from datetime import date

import pytest

from glue_jobs.raw.playlists import explode_positions, parse_files
from glue_jobs.tables.catalog import (
    build_albums,
    build_artists,
    build_track_artists,
    describe_tracks,
)
from glue_jobs.tables.chart_entries import select_charted
from tests.support.rows import rows
from tests.support.spark_builders import entry, raw_files, write_capture

DAY = date(2026, 10, 1)
AT = "2026-10-01T06:00:00Z"
URL = {"spotify": "https://open.spotify.com/x"}


def charted(spark, root):
    captures = parse_files(raw_files(spark, root, [DAY]))
    return select_charted(captures, explode_positions(captures))


@pytest.mark.parametrize(
    ("text", "precision", "expected"),
    [
        ("2024-06-06", "day", (date(2024, 6, 6), "day")),
        ("1981-12", "month", (date(1981, 12, 1), "month")),
        ("1981", "year", (date(1981, 1, 1), "year")),
        ("1981", None, (date(1981, 1, 1), "year")),
        ("0000", "year", (None, None)),
        ("2013-00-00", "day", (None, None)),
        ("someday", "day", (None, None)),
        (None, None, (None, None)),
    ],
)
def test_a_release_date_keeps_its_precision(spark, root, text, precision, expected):
    album = {"id": "x", "release_date": text, "release_date_precision": precision}
    write_capture(root, AT, [entry("a", album=album)])
    albums = build_albums(charted(spark, root))
    assert rows(albums, "release_date", "release_date_precision") == [expected]


def test_every_credited_artist_is_kept_in_order(spark, root):
    write_capture(root, AT, [entry("a", "Ana", "Bo", "Cy"), entry("b", "Bo")])
    found = charted(spark, root)
    assert rows(build_track_artists(found), "track_id", "artist_id", "position") == [
        ("a", "Ana", 1),
        ("a", "Bo", 2),
        ("a", "Cy", 3),
        ("b", "Bo", 1),
    ]
    assert rows(build_artists(found), "artist_id", "name") == [
        ("Ana", "Ana"),
        ("Bo", "Bo"),
        ("Cy", "Cy"),
    ]


def test_an_artist_credited_twice_has_the_first_position(spark, root):
    write_capture(root, AT, [entry("a", "Ana", "Bo", "Ana")])
    found = build_track_artists(charted(spark, root))
    assert rows(found, "artist_id", "position") == [("Ana", 1), ("Bo", 2)]


def test_a_track_on_two_charts_is_described_by_the_newest_capture(spark, root):
    write_capture(root, AT, [entry("a", popularity=50)])
    write_capture(root, "2026-10-01T07:00:00Z", [entry("a", popularity=60)], chart_id="other")
    assert rows(
        describe_tracks(charted(spark, root)), "snapshot_date", "track_id", "popularity"
    ) == [(DAY, "a", 60)]


def test_a_name_on_any_chart_of_the_day_is_the_artists_name(spark, root):
    credits = [{"id": "x", "name": None, "popularity": 2}, {"id": "Ana", "name": "Ana"}]
    older = [{"id": "x", "name": "Xavi", "popularity": 1}]
    write_capture(root, AT, [entry("b", artists=older)])
    write_capture(root, "2026-10-01T07:00:00Z", [entry("a", artists=credits)], chart_id="other")
    assert rows(build_artists(charted(spark, root)), "artist_id", "name", "popularity") == [
        ("Ana", "Ana", None),
        ("x", "Xavi", 1),
    ]


def test_album_and_track_details_are_kept(spark, root):
    images = [
        {"url": "small", "width": 64},
        {"url": "large", "width": 640},
        {"url": "unknown", "width": None},
    ]
    album = {
        "id": "x",
        "name": "Album",
        "album_type": "single",
        "total_tracks": 2,
        "label": "Label",
        "external_urls": URL,
        "images": images,
    }
    artist = {
        "id": "Ana",
        "name": "Ana",
        "external_urls": URL,
        "followers": {"total": 3_000_000_000},
        "popularity": 9,
        "genres": ["pop"],
    }
    track = entry(
        "a",
        album=album,
        artists=[artist],
        duration_ms=186365,
        explicit=True,
        external_ids={"isrc": "USUM72404101"},
        external_urls=URL,
    )
    write_capture(root, AT, [track])
    found = charted(spark, root)
    assert rows(
        describe_tracks(found), "name", "duration_ms", "explicit", "isrc", "url", "album_id"
    ) == [("Song a", 186365, True, "USUM72404101", "https://open.spotify.com/x", "x")]
    assert rows(
        build_albums(found), "name", "album_type", "total_tracks", "label", "url", "image_url"
    ) == [("Album", "single", 2, "Label", "https://open.spotify.com/x", "large")]
    assert rows(build_artists(found), "url", "followers", "popularity", "genres") == [
        ("https://open.spotify.com/x", 3_000_000_000, 9, ["pop"])
    ]
