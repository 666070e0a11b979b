"""Entries with one odd field: what the tables lose, and what the Lambda counts as drift.

The fuzzer replaces each field of an entry, its track, album and artists by values of every JSON
type. All cases are read at once, as the job reads a day.
"""

import copy
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extract_lambda.spotify.drift import find_drift
from glue_jobs.raw.playlists import explode_positions, parse_files
from glue_jobs.tables.catalog import build_albums
from glue_jobs.tables.chart_entries import select_charted
from tests.support.entry_places import READ, expected_place, read_place
from tests.support.job_builders import DAYS, current, run
from tests.support.rows import rows
from tests.support.spark_builders import entry, raw_files, write_capture

pytestmark = pytest.mark.faults

AT = "2026-10-01T06:00:00Z"
URLS = {"spotify": "https://open.spotify.com/x"}
ARTIST: dict[str, Any] = {
    **{"id": "Ana", "name": "Ana", "external_urls": URLS, "followers": {"total": 5}},
    **{"popularity": 9, "genres": ["pop", "rock"]},
}
ALBUM: dict[str, Any] = {
    **{"id": "al", "name": "Album", "album_type": "single", "release_date": "2024-06-06"},
    **{"release_date_precision": "day", "total_tracks": 2, "label": "Label", "external_urls": URLS},
    "images": [{"url": "large", "width": 640}, {"url": "small", "width": 64}],
}
TRACK: dict[str, Any] = {
    **{"id": "a", "name": "Song", "type": "track", "is_local": False, "duration_ms": 1000},
    **{"explicit": True, "popularity": 50, "external_ids": {"isrc": "QZ1"}, "external_urls": URLS},
    "album": ALBUM,
}
PLAIN = {"added_at": "2026-09-30T12:00:00Z", "is_local": False}
SOLO = PLAIN | {"track": TRACK | {"artists": [ARTIST]}}
DUO = PLAIN | {"item": TRACK | {"artists": [ARTIST, ARTIST | {"id": "Bo", "name": "Bo"}]}}

VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 207959.0, 4.9e7, 1e300, float("inf")),
    *(2**31, 2**63, 10**30, "", " ", "\u3000", "\u200b\t", "text", "12", "12.0", "1.2e1", "٣"),
    *("true", "True", "null", "{}", "[1]", "2024-06", "2013-00-00", "2024-02-30", "12:00"),
    *("2026-10-01T06:00:00+02:00", "2026-02-30T00:00:00Z", "+12345-01-01"),
    *([], [1], [None], [[]], ["a", {}], {}, {"a": 1}, {"id": {"a": [1]}}, [{"name": None}]),
    *([{"id": "x", "name": ""}], {"spotify": ["a"]}, {"total": 1.0}, {"isrc": 5}),
]
"""Infinity is what Python makes of 1e400, and writes again as a word that is not JSON."""

Steps = tuple[str | int, ...]


def paths_of(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """Name every field of an entry, and the first element of every list."""
    inside = value.items() if isinstance(value, dict) else enumerate(value[:1])
    for key, part in inside:
        yield (*path, key)
        if isinstance(part, dict | list):
            yield from paths_of(part, (*path, key))


def replaced(whole: dict[str, Any], path: Steps, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(whole)
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


def removed(whole: dict[str, Any], path: Steps) -> dict[str, Any]:
    changed = copy.deepcopy(whole)
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return changed


def cases() -> list[tuple[Steps, Any, dict[str, Any]]]:
    """The path, the value and the entry of each case; without the field the value is `...`."""
    wholes = [SOLO, DUO]
    odd = [
        (p, v, replaced(whole, p, v)) for whole in wholes for p in paths_of(whole) for v in VALUES
    ]
    return odd + [(p, ..., removed(whole, p)) for whole in wholes for p in paths_of(whole)]


def places_of(spark: Any, root: Path, items: list[Any]) -> tuple[list[Any], Any]:
    """Read entries as one capture; return what is at each place, and the frames."""
    write_capture(root, AT, items)
    captures = parse_files(raw_files(spark, root, DAYS[:1]))
    positions = explode_positions(captures).localCheckpoint()
    read = positions.orderBy("position").selectExpr(*READ).collect()
    return [read_place(row) for row in read], (captures, positions)


@pytest.fixture(scope="module")
def fuzzed(spark: Any, lake_folder: Path) -> Any:
    """All cases, each after a good entry; and what the job read."""
    tried = cases()
    items = [item for _, _, case in tried for item in (SOLO, case)]
    root = lake_folder / "odd_entries"
    found, frames = places_of(spark, root, items)
    return tried, found, frames


@pytest.mark.fault(
    table="input",
    what="one odd field of an entry",
    how=(
        "each field of an entry, its track, album and artists, replaced by 50 values of every "
        "JSON type, or removed"
    ),
    then=(
        "the field is read or null, and the Lambda counts it as drift if it is unreadable; only "
        "its id, name or artists can reject an entry"
    ),
    cases=3744,
)
def test_an_odd_field_affects_no_other_field(fuzzed):
    tried, found, _ = fuzzed
    good, odd = found[0::2], found[1::2]
    assert all(one == good[0] for one in good)
    assert good[0][:3] == ("track", "a", "Song")
    for (path, value, case), read in zip(tried, odd, strict=True):
        assert read == expected_place(case), (path, value)


def test_only_invalid_ids_names_or_artists_reject_an_entry(fuzzed):
    tried, found, _ = fuzzed
    rejected = {
        (path[1:], read[1])
        for (path, _, _), read in zip(tried, found[1::2], strict=True)
        if read[0] == "rejected"
    }
    assert rejected == {
        ((), "The entry's track cannot be read."),
        ((), "The entry has no track id."),
        ((), "The entry's track id cannot be read."),
        (("id",), "The entry has no track id."),
        (("id",), "The entry's track id cannot be read."),
        (("name",), "The entry has no track name."),
        (("name",), "The entry's track name cannot be read."),
        (("artists",), "The entry has no artists."),
        (("artists",), "The entry's artists cannot be read."),
        (("artists", 0), "The entry's artists cannot be read."),
        (("artists", 0, "name"), "The entry's artists cannot be read."),
    }


def shape(path: Steps) -> str:
    """Name a path as drift does: track.album.images.0.width is album.images.width."""
    names = [name for name in path if isinstance(name, str)]
    if names[0] in ("track", "item") and len(names) > 1:
        names[0] = "track"
        if names[1] in ("album", "artists") and len(names) > 2:
            names[:2] = ["album" if names[1] == "album" else "artist"]
    elif len(names) == 1:
        names = ["entry", *names]
    return ".".join(names)


def test_drift_counts_exactly_the_fields_that_the_job_cannot_read(spark, fuzzed):
    """Of each case, the field is null in what the job read, or drift does not count it."""
    tried, _, (captures, positions) = fuzzed
    read = positions.orderBy("position").select("track", "added_at", "kind").collect()[1::2]
    lost = 0
    for (path, value, case), row in zip(tried, read, strict=True):
        if value is ... or row["kind"] in ("local", "episode") or not is_leaf(path):
            continue
        told = find_drift([case]).get("unreadable", {})
        is_empty = value is None or (isinstance(value, str) and not value.strip(" \u3000\u200b\t"))
        name = shape(path)
        if name in ("entry.is_local", "album.release_date", "album.release_date_precision"):
            continue
        is_null = job_value(row, path) is None
        assert (name in told) == (is_null and not is_empty), (path, value, told)
        lost += name in told
    assert lost > 200


def is_leaf(path: Steps) -> bool:
    """Whether the value is a string, number or boolean outside a list."""
    holder: Any = SOLO if path[0] == "track" else DUO
    for key in path:
        holder = holder.get(key) if isinstance(holder, dict) else holder[key]
    return not isinstance(holder, dict | list) and isinstance(path[-1], str)


def job_value(row: Any, path: Steps) -> Any:
    if path == ("added_at",):
        return row["added_at"]
    value = row["track"]
    for key in path[1:]:
        if value is None or (isinstance(key, int) and not value):
            return None
        value = value[key]
    is_made = path[-2:] == (0, "id") and value.startswith("name:")
    return None if is_made else value


DATES: list[Any] = [
    *("2024-06-06", "2024-06", "2024", 2024, "0000", "2013-00-00", "2024-02-30", "2024-13"),
    *("someday", "2024-6-6", "２０２４", 20240606, True, [], {}, "", None),
]


def test_drift_counts_exactly_the_release_dates_that_the_job_cannot_read(spark, root):
    albums = [ALBUM | {"id": f"al{n}", "release_date": value} for n, value in enumerate(DATES)]
    items = [entry(f"a{n}", album=album) for n, album in enumerate(albums)]
    _, frames = places_of(spark, root, items)
    found = dict(rows(build_albums(select_charted(*frames)), "album_id", "release_date"))
    assert {value: found[f"al{n}"] for n, value in enumerate(DATES[:4])} == {
        "2024-06-06": date(2024, 6, 6),
        "2024-06": date(2024, 6, 1),
        "2024": date(2024, 1, 1),
        2024: date(2024, 1, 1),
    }
    assert {found[f"al{n}"] for n in range(4, len(DATES))} == {None}
    drift = [find_drift([item]).get("unreadable", {}) for item in items]
    told = [value for value, names in zip(DATES, drift, strict=True) if names]
    assert told == [
        "2024-02-30",
        "2024-13",
        "someday",
        "2024-6-6",
        "２０２４",
        20240606,
        True,
        [],
        {},
    ]
    assert {name for names in drift for name in names} == {"album.release_date"}


def published(spark: Any, root: Path, *items: Any, day: int = 0, **chart: Any) -> None:
    write_capture(root, f"2026-10-0{day + 1}T06:00:00Z", list(items), **chart)
    run(spark, root, DAYS[day], DAYS[day], f"20261009T00000{day}Z")


def test_whole_numbers_written_as_floats_are_read(spark, root):
    images = [{"height": 640.0, "width": 640.0, "url": "https://i.example/1"}]
    album = {"id": "al", "name": "One", "total_tracks": 1.0, "images": images}
    published(
        spark,
        root,
        entry("a", duration_ms=207959.0, popularity=83.0, album=album),
        entry("b", duration_ms=4.9e7, popularity="98", album=album),
    )
    assert rows(current(spark, root, "tracks"), "track_id", "duration_ms", "popularity") == [
        ("a", 207959, 83),
        ("b", 49_000_000, 98),
    ]
    assert rows(current(spark, root, "albums"), "album_id", "total_tracks", "image_url") == [
        ("al", 1, "https://i.example/1")
    ]
    counts = ["entries", "null_entries", "rejected_entries"]
    assert rows(current(spark, root, "chart_snapshots"), *counts) == [(2, 0, 0)]


def test_local_files_and_episodes_with_odd_fields_are_recognised(spark, root):
    local = entry("x", duration_ms={"totalMilliseconds": 188000}, album=[], artists="Ana", id=None)
    local |= {"is_local": True}
    episode = entry("e", type="episode", artists=5, name=["x"], duration_ms=[])
    published(spark, root, entry("a"), entry("b"), local, episode)
    counts = ["entries", "null_entries", "local_entries", "episode_entries", "rejected_entries"]
    assert rows(current(spark, root, "chart_snapshots"), *counts) == [(2, 0, 1, 1, 0)]
    assert list(root.glob("curated/quarantine/*/*/*")) == []


def test_removed_tracks_are_missing_places_and_no_song(spark, root):
    def taken_down(track_id: str, name: Any = "", artist: Any = "") -> dict[str, Any]:
        artists = [{"id": f"artist of {track_id}", "name": artist}]
        return entry(track_id, name=name, artists=artists)

    settings = {"expected_size": 3, "tolerance": 2}
    gone = [taken_down("b"), taken_down("c", None, None)]
    published(spark, root, entry("a"), *gone, **settings)
    gone = [taken_down("d", "Song", "\u3000"), taken_down("e", "\u200b", "Ana")]
    published(spark, root, gone[0], entry("a"), gone[1], day=1, **settings)
    counts = ["snapshot_date", "entries", "null_entries", "rejected_entries"]
    assert rows(current(spark, root, "chart_snapshots"), *counts) == [
        (DAYS[0], 1, 2, 0),
        (DAYS[1], 1, 2, 0),
    ]
    trends = current(spark, root, "song_trends")
    assert rows(trends, "snapshot_date", "track_id", "rank", "movement") == [
        (DAYS[0], "a", 1, "debut"),
        (DAYS[1], "a", 2, "down"),
    ]
    assert list(root.glob("curated/quarantine/*/*/*")) == []


def test_an_artist_without_a_name_among_others_has_a_null_name(spark, root):
    ana, bo = {"id": "Ana", "name": "Ana"}, {"id": "Bo", "name": "Bo"}
    unnamed = [{"id": "no key"}, {"id": "odd", "name": {"a": 1}}, {"id": "blank", "name": " "}]
    published(
        spark,
        root,
        entry("a", name="Song", artists=[ana, *unnamed]),
        entry("b", name="Song", artists=[ana]),
        entry("c", artists=[{"id": 5.5, "name": None}, {"id": None, "name": "Bo"}, "Cy", bo]),
    )
    assert rows(current(spark, root, "artists"), "artist_id", "name") == [
        ("5.5", None),
        ("Ana", "Ana"),
        ("Bo", "Bo"),
        ("blank", None),
        ("name:bo", "Bo"),
        ("no key", None),
        ("odd", None),
    ]
    assert rows(current(spark, root, "track_artists"), "track_id", "position", "artist_id") == [
        ("a", 1, "Ana"),
        ("a", 2, "no key"),
        ("a", 3, "odd"),
        ("a", 4, "blank"),
        ("b", 1, "Ana"),
        ("c", 1, "5.5"),
        ("c", 2, "name:bo"),
        ("c", 3, "Bo"),
    ]
    songs = dict(rows(current(spark, root, "tracks"), "track_id", "song_id"))
    assert songs["a"] == songs["b"] != songs["c"]


def test_an_empty_string_is_null_in_every_table(spark, root):
    album = {"id": "", "name": "", "label": "", "external_urls": {"spotify": ""}}
    path = write_capture(
        root, AT, [entry("a", album=album, external_ids={"isrc": ""})], tolerance=1
    )
    path.write_text(path.read_text().replace(f"version of {AT}", ""))
    (path.parent.parent / "stray.json").write_text("")
    run(spark, root, DAYS[0], DAYS[0], "20261009T000001Z")
    assert rows(current(spark, root, "tracks"), "isrc", "album_id") == [(None, None)]
    assert rows(current(spark, root, "chart_snapshots"), "spotify_snapshot_id") == [(None,)]
    assert rows(current(spark, root, "quarantine"), "source_file", "chart_id", "record") == [
        ("raw/playlists/dt=2026-10-01/stray.json", None, None)
    ]


def test_a_rejected_entry_names_its_invalid_field(spark, root):
    items: list[Any] = [
        entry("a"),
        5,
        "{",
        {"track": 5},
        {"track": {}},
        entry("b!"),
        entry("c", name=[]),
        entry("d", artists={}),
        entry("e", artists=[{"id": "x"}]),
        entry("f", artists=[{"id": "x", "name": True}]),
        removed(entry("g"), ("track", "name")),
        removed(entry("h"), ("track", "artists")),
    ]
    published(spark, root, *items, expected_size=12, tolerance=11)
    assert rows(current(spark, root, "quarantine"), "position", "reason") == [
        (2, "The entry is not an object."),
        (3, "The entry is not JSON."),
        (4, "The entry's track cannot be read."),
        (5, "The entry has no track id."),
        (6, "The entry's track id cannot be read."),
        (7, "The entry's track name cannot be read."),
        (8, "The entry's artists cannot be read."),
        (9, "The entry's artists cannot be read."),
        (10, "The entry's artists cannot be read."),
        (11, "The entry has no track name."),
        (12, "The entry has no artists."),
    ]
    assert json.loads(rows(current(spark, root, "quarantine"), "position", "record")[3][1]) == {
        "track": {}
    }
