"""Entries of a playlist -> which of their fields nobody knows yet, and which needed ones are gone.

Raw keeps whatever came: this is so that a person hears of a change before it matters. The names are
those of Spotify's reference in November 2026. Only those that the tables are made of are needed;
what an app in development mode no longer gets (popularity, label, …) may be there or not.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from chartlake.counts import counted

Drift = dict[str, dict[str, int]]
"""`new` and `missing`: field, such as track.name -> in how many objects."""

_OBJECT = frozenset({"external_urls", "href", "id", "type", "uri"})

NEEDED = {
    "entry": frozenset({"added_at", "is_local"}),
    "track": frozenset(
        {"album", "artists", "duration_ms", "explicit", "external_ids", "external_urls"}
        | {"id", "name", "type"}
    ),
    "album": frozenset(
        {"album_type", "external_urls", "id", "images", "name", "release_date"}
        | {"release_date_precision", "total_tracks"}
    ),
    "artist": frozenset({"external_urls", "id", "name"}),
}
KNOWN = {
    "entry": NEEDED["entry"] | {"added_by", "item", "primary_color", "track", "video_thumbnail"},
    "track": NEEDED["track"]
    | _OBJECT
    | {"available_markets", "disc_number", "episode", "is_local", "is_playable", "linked_from"}
    | {"popularity", "preview_url", "restrictions", "track", "track_number"},
    "album": NEEDED["album"]
    | _OBJECT
    | {"album_group", "artists", "available_markets", "copyrights", "external_ids", "genres"}
    | {"is_playable", "label", "popularity", "restrictions"},
    "artist": NEEDED["artist"] | _OBJECT | {"followers", "genres", "images", "popularity"},
}


def find_drift(entries: list[Any]) -> Drift:
    """Count the objects that have an unknown field, and those that lack a needed one; {} if none.

    Local files and podcast episodes are other objects, and a removed track is none.
    """
    new: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for kind, found in _objects(entries):
        new.update(f"{kind}.{name}" for name in found.keys() - KNOWN[kind])
        missing.update(f"{kind}.{name}" for name in NEEDED[kind] - found.keys())
        if kind == "entry" and not found.keys() & {"track", "item"}:
            missing["entry.item"] += 1
    told = {"new": dict(sorted(new.items())), "missing": dict(sorted(missing.items()))}
    return told if new or missing else {}


def describe(drift: Drift) -> str:
    """Say it in a sentence."""
    parts = [f"{kind} {_listed(fields)}" for kind, fields in drift.items() if fields]
    return f"the API drifted: {'; '.join(parts)}. Raw keeps all; see what the tables need of it."


def _listed(fields: dict[str, int]) -> str:
    return ", ".join(f"{field} ({counted(count, 'time')})" for field, count in fields.items())


def _objects(entries: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        yield "entry", entry
        track = entry.get("item") or entry.get("track")
        if not isinstance(track, dict) or track.get("is_local") or track.get("type") == "episode":
            continue
        yield "track", track
        album, artists = track.get("album"), track.get("artists")
        if isinstance(album, dict):
            yield "album", album
        for artist in artists if isinstance(artists, list) else ():
            if isinstance(artist, dict):
                yield "artist", artist
