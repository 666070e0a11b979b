"""What a playlist entry is, implemented again in plain Python to check the job."""

import json
import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import ANY

INT = (-(2**31), 2**31 - 1)
NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
INSTANT = r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"
UNREADABLE = object()
"""Stands for what is there and cannot be read; None is what is missing or empty."""

Place = tuple[Any, ...]
"""A kind. Of a rejected entry also the reason; of a track its id, name, artists (id and name),
popularity, duration_ms, explicit, isrc, added_at, and the album's id, tracks and widths of images.
"""


def place_of(entry: Any) -> Place:
    """Return what is at a place of the chart; strings are parsed as Spark does."""
    if isinstance(entry, str):
        try:
            entry = json.loads(entry) if not _is_blank(entry) else None
        except ValueError:
            return ("rejected", "The entry is not JSON.")
    if _is_blank(entry):
        return ("null",)
    if not isinstance(entry, dict):
        return ("rejected", "The entry is not an object.")
    contents = [entry.get(name) for name in ("item", "track")]
    track: Any = next((content for content in contents if isinstance(content, dict)), None)
    if track is None:
        are_blank = all(_is_blank(content) for content in contents)
        return ("null",) if are_blank else ("rejected", "The entry's track cannot be read.")
    if track.get("type") == "episode":
        return ("episode",)
    flags = [_known(_boolean(holder.get("is_local"))) for holder in (entry, track)]
    if next((flag for flag in flags if flag is not None), False):
        return ("local",)
    return _track(track, entry.get("added_at"))


def _track(track: dict[str, Any], added_at: Any) -> Place:
    track_id, name, artists = _id(track.get("id")), _text(track.get("name")), _artists(track)
    for field, called, value in (
        ("id", "track id", track_id),
        ("name", "track name", name),
        ("artists", "artists", artists),
    ):
        if field not in track:
            return ("rejected", f"The entry has no {called}.")
        if value is UNREADABLE:
            return ("rejected", f"The entry's {called} cannot be read.")
    if track_id is None or name is None or artists is None:
        return ("null",)
    album = _object(track.get("album"))
    known = (
        _whole(track.get("popularity")),
        _whole(track.get("duration_ms")),
        _boolean(track.get("explicit")),
        _text(_object(track.get("external_ids")).get("isrc")),
        _instant(added_at),
        _text(album.get("id")),
        _whole(album.get("total_tracks")),
    )
    images: Any = album.get("images")
    widths = (
        [_known(_whole(i.get("width"))) for i in _objects(images)] if _is(images, list) else None
    )
    return ("track", track_id, name, artists, *map(_known, known), widths)


def _artists(track: dict[str, Any]) -> Any:
    """Read the credits: UNREADABLE, None if they are empty, or an id and a name for each."""
    listed = track.get("artists")
    if _is_blank(listed):
        return None
    if not isinstance(listed, list):
        return UNREADABLE
    names = [
        _text(artist.get("name")) if "name" in artist else UNREADABLE for artist in _objects(listed)
    ]
    if all(_known(name) is None for name in names):
        are_objects = all(artist is None or _is(artist, dict) for artist in listed)
        return None if are_objects and not any(name is UNREADABLE for name in names) else UNREADABLE
    ids = [_known(_text(artist.get("id"))) for artist in _objects(listed)]
    credited = zip(ids, map(_known, names), strict=True)
    return [
        (f"name of {name}" if key is None else key, name)
        for key, name in credited
        if key is not None or name is not None
    ]


def _id(value: Any) -> Any:
    """Read an id, of letters and digits; Spark writes 1e400, the largest number, as a word."""
    text = "Infinity" if value == float("inf") else _text(value)
    is_odd = text is ANY or (_is(text, str) and not re.fullmatch("[0-9A-Za-z]+", text))
    return UNREADABLE if is_odd else text


def _text(value: Any) -> Any:
    """Read text or a number; half an emoji is a question mark."""
    if _is_blank(value):
        return None
    if isinstance(value, bool | list | dict):
        return UNREADABLE
    return re.sub("[\ud800-\udfff]", "?", value) if isinstance(value, str) else _digits(value)


def _digits(number: float) -> str | None:
    """Write a whole number as itself; Spark's format of others is not modelled."""
    is_written = isinstance(number, int) or (number % 1 == 0 and abs(number) < 10**7)
    return str(int(number)) if is_written else ANY


def _whole(value: Any) -> Any:
    if _is_blank(value):
        return None
    is_number = _is(value, str | int | float) and not _is(value, bool)
    if not is_number or not re.fullmatch(NUMBER, str(value)) or float(value) % 1 != 0:
        return UNREADABLE
    number = int(float(value))
    return number if INT[0] <= number <= INT[1] else UNREADABLE


def _boolean(value: Any) -> Any:
    return {"true": True, "false": False}.get(value) if _is(value, str) else _only(value, bool)


def _instant(value: Any) -> Any:
    if not _is(value, str) or not re.fullmatch(INSTANT, value, re.ASCII):
        return UNREADABLE
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return UNREADABLE
    offset = instant.utcoffset() or timedelta()
    return instant if abs(offset) <= timedelta(hours=18) else UNREADABLE


def _only(value: Any, kind: Any) -> Any:
    return value if isinstance(value, kind) else UNREADABLE


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(values: list[Any]) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)]


def _is(value: Any, kind: Any) -> bool:
    return isinstance(value, kind)


def _known(value: Any) -> Any:
    return None if value is UNREADABLE else value


def _is_blank(value: Any) -> bool:
    """Return whether it is null, or a string without a visible character."""
    unseen = ("Zs", "Zl", "Zp", "Cc", "Cf")
    is_text = isinstance(value, str)
    return value is None or (is_text and all(unicodedata.category(c) in unseen for c in value))
