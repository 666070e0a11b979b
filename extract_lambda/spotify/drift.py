"""Entries of a playlist -> which fields are unknown, missing, or unreadable for the job.

Raw keeps whatever came; this check reports a change before it matters. The names are those of
Spotify's reference in November 2026. Only the fields that the tables use are required. Fields that
an app in development mode no longer gets (popularity, label, …) are optional.

A value is readable if `glue_jobs/raw/json_values.py` reads it. This module repeats those rules for
Python values; a test compares the two. Null and blank are not drift: Spotify leaves fields empty.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chartlake.contract.counts import counted

Drift = dict[str, dict[str, int]]
"""`new`, `missing` and `unreadable`: field, such as track.name -> number of objects."""

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


NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
INSTANT = re.compile(
    r"[12]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
NO_DATE = re.compile(r"0000.*|.*-00(-.*)?", re.DOTALL)
"""Spotify writes 0000 for an unknown year, and 00 for an unknown month or day."""
FARTHEST_OFFSET = timedelta(hours=18)
INT, BIGINT = 2**31, 2**63


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or value in ("true", "false")


def _is_whole(limit: int) -> Callable[[Any], bool]:
    """Return a test that a number, or text that contains one, is whole and in range."""

    def is_whole(value: Any) -> bool:
        if not _is_text(value) or not NUMBER.fullmatch(str(value)):
            return False
        return float(value) % 1 == 0 and -limit <= int(Decimal(str(value))) < limit

    return is_whole


def _is_instant(value: Any) -> bool:
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        return False
    try:
        offset = datetime.fromisoformat(value).utcoffset()
    except ValueError:
        return False
    return offset is not None and abs(offset) <= FARTHEST_OFFSET


def _is_date(value: Any) -> bool:
    """Check for a day, a month or a year, or one that Spotify does not know."""
    text = str(value)
    if not _is_text(value) or not DATE.fullmatch(text):
        return False
    if NO_DATE.fullmatch(text):
        return True
    try:
        date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return True


URLS = {"spotify": _is_text}
READ: dict[str, Any] = {
    "entry": {"added_at": _is_instant, "is_local": _is_boolean, "track": {}, "item": {}},
    "track": {
        **dict.fromkeys(("id", "type", "name"), _is_text),
        **dict.fromkeys(("is_local", "explicit"), _is_boolean),
        **dict.fromkeys(("duration_ms", "popularity"), _is_whole(INT)),
        **{"external_ids": {"isrc": _is_text}, "external_urls": URLS},
        **{"album": {}, "artists": [{}]},
    },
    "album": {
        **dict.fromkeys(("id", "name", "album_type", "release_date_precision", "label"), _is_text),
        **{"release_date": _is_date, "total_tracks": _is_whole(INT), "external_urls": URLS},
        "images": [{"url": _is_text, "width": _is_whole(INT)}],
    },
    "artist": {
        **dict.fromkeys(("id", "name"), _is_text),
        **{"external_urls": URLS, "followers": {"total": _is_whole(BIGINT)}},
        **{"popularity": _is_whole(INT), "genres": [_is_text]},
    },
}
"""What the job reads of each object, and how: a test of a value, an object, or a list of either."""


def find_drift(entries: list[Any]) -> Drift:
    """Count the objects with an unknown, missing or unreadable field; {} if there are none.

    The tracks of local files and podcast episodes are skipped, and so are removed tracks.
    """
    new: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    unreadable: Counter[str] = Counter()
    for kind, found in _objects(entries):
        new.update(f"{kind}.{name}" for name in found.keys() - KNOWN[kind])
        missing.update(f"{kind}.{name}" for name in NEEDED[kind] - found.keys())
        if kind == "entry" and not found.keys() & {"track", "item"}:
            missing["entry.item"] += 1
        unreadable.update(set(_unreadable(found, READ[kind], kind)))
    unreadable.update("entry" for entry in entries if not isinstance(entry, dict | None))
    kinds = {"new": new, "missing": missing, "unreadable": unreadable}
    drift = {kind: dict(sorted(found.items())) for kind, found in kinds.items()}
    return drift if any(drift.values()) else {}


def describe(drift: Drift) -> str:
    """Describe drift in one sentence."""
    parts = [f"{kind} {_listed(fields)}" for kind, fields in drift.items() if fields]
    return f"the API drifted: {'; '.join(parts)}. Raw keeps everything; check what the tables need."


def _listed(fields: dict[str, int]) -> str:
    return ", ".join(f"{field} ({counted(count, 'time')})" for field, count in fields.items())


def _unreadable(value: Any, read: Any, path: str) -> Iterator[str]:
    """Yield the unreadable fields of a value, such as album.images.width."""
    if _is_empty(value):
        return
    if isinstance(read, dict) and isinstance(value, dict):
        for name, inner in read.items():
            yield from _unreadable(value.get(name), inner, f"{path}.{name}")
    elif isinstance(read, list) and isinstance(value, list):
        for element in value:
            yield from _unreadable(element, read[0], path)
    elif isinstance(read, dict | list) or not read(value):
        yield path


def _is_empty(value: Any) -> bool:
    is_blank = isinstance(value, str) and all(
        unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc", "Cf") for character in value
    )
    return value is None or is_blank


def _objects(entries: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        yield "entry", entry
        item = entry.get("item")
        track = item if isinstance(item, dict) else entry.get("track")
        if not isinstance(track, dict) or _is_other(entry, track):
            continue
        yield "track", track
        album, artists = track.get("album"), track.get("artists")
        if isinstance(album, dict):
            yield "album", album
        for artist in artists if isinstance(artists, list) else ():
            if isinstance(artist, dict):
                yield "artist", artist


def _is_other(entry: dict[str, Any], track: dict[str, Any]) -> bool:
    """Check for an episode, or a local file by the first readable `is_local`."""
    marks = [mark for mark in (entry.get("is_local"), track.get("is_local")) if _is_boolean(mark)]
    return track.get("type") == "episode" or marks[:1] in ([True], ["true"])
