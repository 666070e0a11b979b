"""Builds the answers of the Web API from a whole playlist: playlist object, pages, errors.

Spotify renamed an entry's `track` to `item` in February 2026, and a playlist's `tracks` to `items`.
Old apps still see the old names, some see both, new ones see the new names: the three shapes.
"""

import re
from collections.abc import Mapping
from typing import Any

from chartlake.spotify_stand_in.fields import read_fields

SHAPES = ("track", "item", "both")
MAX_LIMIT = {"items": 50, "tracks": 100}
DEFAULT_LIMIT = 20


class ApiError(Exception):
    """An answer other than 200, with Spotify's message if it has one."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status


def page(
    playlist: Mapping[str, Any], shape: str, kind: str, api_url: str, query: Mapping[str, str]
) -> dict[str, Any]:
    """Return one page of a playlist's entries, cut to `fields`; `kind` is the endpoint's name.

    Raises ApiError 400 for a limit or an offset that the endpoint does not allow.
    """
    limit = _number(query, "limit", DEFAULT_LIMIT, range(1, MAX_LIMIT[kind] + 1))
    offset = _number(query, "offset", 0, range(100_001))
    url = f"{api_url}playlists/{playlist['id']}/{kind}"
    entries = playlist["items"]

    def address(start: int) -> str:
        return f"{url}?offset={start}&limit={limit}"

    answer = {
        "href": address(offset),
        "items": [_entry(entry, shape) for entry in entries[offset : offset + limit]],
        "limit": limit,
        "next": address(offset + limit) if offset + limit < len(entries) else None,
        "offset": offset,
        "previous": address(max(0, offset - limit)) if offset else None,
        "total": len(entries),
    }
    return _cut(answer, query)


def playlist_object(
    playlist: Mapping[str, Any], shape: str, api_url: str, query: Mapping[str, str]
) -> dict[str, Any]:
    """Return a playlist's metadata and first page, cut to `fields`."""
    url = f"{api_url}playlists/{playlist['id']}"
    answer: dict[str, Any] = {
        name: value for name, value in playlist.items() if name not in ("items", "total")
    }
    answer |= {"href": url, "type": "playlist", "uri": f"spotify:playlist:{playlist['id']}"}
    first = {"limit": str(MAX_LIMIT["tracks"])}
    if shape != "item":
        answer["tracks"] = page(playlist, shape, "tracks", api_url, first)
    if shape != "track":
        answer["items"] = page(playlist, shape, "items", api_url, {"limit": "50"})
    return _cut(answer, query)


def _cut(answer: dict[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    cut: dict[str, Any] = read_fields(query.get("fields", "")).cut(answer)
    return cut


def _number(query: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    text = query.get(name, str(default))
    if not re.fullmatch(r"\d{1,9}", text) or int(text) not in allowed:
        raise ApiError(400, f"Invalid {name}")
    return int(text)


def _entry(entry: Mapping[str, Any], shape: str) -> dict[str, Any]:
    """Convert an entry from the old shape to `shape`."""
    answer = {name: value for name, value in entry.items() if name != "track"}
    if shape != "item":
        answer["track"] = entry["track"]
    if shape != "track":
        answer["item"] = entry["track"]
    return answer
