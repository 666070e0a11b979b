"""What an entry of a playlist is, said once more in plain Python, to hold the job against it."""

import json
import re
from datetime import datetime
from typing import Any
from unittest.mock import ANY

INT, LONG = (-(2**31), 2**31 - 1), (-(2**63), 2**63 - 1)
URLS = {"spotify": str}
ARTIST: Any = {
    **{"id": str, "name": str, "external_urls": URLS, "followers": {"total": LONG}},
    **{"popularity": INT, "genres": [str]},
}
ALBUM: Any = {
    **{"id": str, "name": str, "album_type": str, "release_date": str, "label": str},
    **{"release_date_precision": str, "total_tracks": INT, "external_urls": URLS},
    "images": [{"url": str, "width": INT}],
}
TRACK: Any = {
    **{"id": str, "type": str, "is_local": bool, "name": str, "duration_ms": INT},
    **{"explicit": bool, "popularity": INT, "external_ids": {"isrc": str}},
    **{"external_urls": URLS, "album": ALBUM, "artists": [ARTIST]},
}
ENTRY: Any = {"added_at": str, "is_local": bool, "track": TRACK, "item": TRACK}
INSTANT = r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"

Place = tuple[Any, ...]
"""A kind; of a track also its id, name, artists, popularity, added_at and the album's id."""


def place_of(entry: Any) -> Place:
    """Say what stands at a place of the chart; a text is read for what it says, as Spark does."""
    if isinstance(entry, str):
        entry = _said(entry)
    if entry is None:
        return ("null",)
    added_at = entry.get("added_at") if isinstance(entry, dict) else None
    if not _fits(entry, ENTRY) or (added_at is not None and _instant(added_at) is None):
        return ("rejected",)
    track = entry.get("item") if entry.get("item") is not None else entry.get("track")
    if track is None:
        return ("null",)
    if track.get("type") == "episode":
        return ("episode",)
    if _first(entry.get("is_local"), track.get("is_local")):
        return ("local",)
    track_id, artists = _text(track.get("id")), track.get("artists") or []
    credited = [tuple(_text((artist or {}).get(n)) for n in ("id", "name")) for artist in artists]
    is_named = track.get("name") is not None and not any(
        text is None for artist in credited for text in artist
    )
    is_id = isinstance(track_id, str) and re.fullmatch("[0-9A-Za-z]+", track_id)
    if not is_id or not is_named or not credited:
        return ("rejected",)
    album = (track.get("album") or {}).get("id")
    known = (_text(track["name"]), credited, track.get("popularity"), _instant(added_at))
    return ("track", track_id, *known, _text(album))


def _said(text: str) -> Any:
    """Read a text as JSON; a blank one is nothing, and `null` is a text, to Spark."""
    try:
        said = json.loads(text) if text.strip() else None
    except ValueError:
        return text
    return text if said is None and text.strip() else said


def _fits(value: Any, shape: Any) -> bool:
    """Say whether a value is of the shape: whatever is missing or null is, any value is a text."""
    if value is None or shape is str:
        return True
    if shape is bool:
        return isinstance(value, bool)
    if isinstance(shape, tuple):
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return is_whole and shape[0] <= value <= shape[1]
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(part, shape[0]) for part in value)
    return isinstance(value, dict) and all(_fits(value.get(name), shape[name]) for name in shape)


def _text(value: Any) -> Any:
    """Read a text, in which half an emoji is a question mark; another value is its JSON somehow."""
    if isinstance(value, float | list | dict):
        return ANY
    text = json.dumps(value) if isinstance(value, bool | int) else value
    return text and re.sub("[\ud800-\udfff]", "?", text)


def _instant(text: Any) -> datetime | None:
    if not isinstance(text, str) or not re.fullmatch(INSTANT, text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _first(*flags: bool | None) -> bool:
    return next((flag for flag in flags if flag is not None), False)
