from datetime import date
from typing import Any

from chartlake.spotify_stand_in.simulated_charts import simulated_playlist
from extract_lambda.spotify.drift import describe, find_drift
from tests.support.spotify_fixtures import GLOBAL, PHILIPPINES

DAYS = [date(2026, 10, day) for day in range(1, 31)]


def chart() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = simulated_playlist(GLOBAL, DAYS[0])["items"][:3]
    return entries


def test_charts_as_spotify_documents_them_do_not_drift() -> None:
    for day in DAYS:
        for watched in (GLOBAL, PHILIPPINES):
            assert find_drift(simulated_playlist(watched, day)["items"]) == {}


def test_fields_removed_in_development_mode_are_not_drift() -> None:
    entries = chart()
    for entry in entries:
        track = entry.pop("track")
        for name in ("popularity", "available_markets", "preview_url"):
            del track[name]
        entry["item"] = track
    assert find_drift(entries) == {}


def test_an_unknown_field_is_counted_wherever_it_appears() -> None:
    entries = chart()
    entries[0]["mood"] = 1
    for entry in entries:
        entry["track"]["xyz"] = None
    entries[1]["track"]["album"]["vinyl"] = True
    entries[1]["track"]["artists"][0]["verified"] = True
    assert find_drift(entries) == {
        "new": {"album.vinyl": 1, "artist.verified": 1, "entry.mood": 1, "track.xyz": 3},
        "missing": {},
        "unreadable": {},
    }


def test_a_missing_required_field_is_counted() -> None:
    entries = chart()
    for entry in entries[:2]:
        del entry["track"]["duration_ms"]
    del entries[2]["track"]["album"]["release_date"]
    assert find_drift(entries) == {
        "new": {},
        "missing": {"album.release_date": 1, "track.duration_ms": 2},
        "unreadable": {},
    }


def test_a_renamed_track_field_counts_as_unknown_and_missing() -> None:
    entries = [{"content": entry.pop("track"), **entry} for entry in chart()]
    assert find_drift(entries) == {
        "new": {"entry.content": 3},
        "missing": {"entry.item": 3},
        "unreadable": {},
    }


def test_an_unreadable_field_is_counted_once_per_object() -> None:
    entries: list[Any] = chart()
    for entry in entries[:2]:
        entry["track"]["duration_ms"] = {"totalMilliseconds": 188000}
    entries[2]["track"]["album"]["images"] = [{"url": [], "width": 1.5}, {"url": [], "width": 64}]
    entries[0]["track"]["artists"] = [5]
    entries[1]["added_at"] = "yesterday"
    assert find_drift([*entries, 5]) == {
        "new": {},
        "missing": {},
        "unreadable": {
            "album.images.url": 1,
            "album.images.width": 1,
            "entry": 1,
            "entry.added_at": 1,
            "track.artists": 1,
            "track.duration_ms": 2,
        },
    }


def test_values_in_another_notation_or_empty_are_not_drift() -> None:
    entries = chart()
    first, second, third = (entry["track"] for entry in entries)
    first |= {"duration_ms": 207959.0, "popularity": "83", "explicit": "true", "name": ""}
    second |= {"duration_ms": 4.9e7, "album": None, "external_ids": None, "artists": []}
    third["album"] |= {"release_date": "0000", "total_tracks": "1e1", "images": None}
    assert find_drift(entries) == {}


def test_entries_without_a_spotify_track_are_not_drift() -> None:
    entry = {"added_at": None, "is_local": False}
    local = {"type": "track", "is_local": True, "id": None, "duration_ms": {"total": 188000}}
    episode = {"type": "episode", "show": {}}
    held = [entry | {"track": None}, {"added_at": None, "is_local": True, "track": local}]
    assert find_drift([*held, entry | {"track": episode}]) == {}


def test_drift_is_described_in_one_sentence() -> None:
    drift = {
        "new": {"track.xyz": 50},
        "missing": {"album.name": 2, "track.id": 1},
        "unreadable": {"track.explicit": 3},
    }
    assert describe(drift) == (
        "the API drifted: new track.xyz (50 times); missing album.name (2 times), track.id "
        "(1 time); unreadable track.explicit (3 times). Raw keeps everything; check what the "
        "tables need."
    )
