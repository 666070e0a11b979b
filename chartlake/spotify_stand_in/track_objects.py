"""Song -> the Web API's objects: entry, track, local file, episode, album, artist.

The boolean fields `track` and `episode` of a track object are Spotify's own.
"""

from datetime import date
from typing import Any

from chartlake.spotify_stand_in.songs import Song, chance, hex_id, spotify_id

MARKETS = [f"{first}{second}" for first in "ABCDEFGHIJ" for second in "ABCDEFGHIJKLMNOPQR"]
"""As many codes as Spotify lists for a track that is sold everywhere: most of an answer's size."""


def entry(held: dict[str, Any] | None, added_at: str) -> dict[str, Any]:
    """Create a playlist entry; charts do not say who added it."""
    return {
        "added_at": added_at,
        "added_by": {**_object("user", ""), "id": ""},
        "is_local": bool(held and held["is_local"]),
        "primary_color": None,
        "track": held,
        "video_thumbnail": {"url": None},
    }


def owner() -> dict[str, Any]:
    """Create the owner of every chart."""
    return {**_object("user", "spotify"), "display_name": "Spotify"}


def track(song: Song, day: date) -> dict[str, Any]:
    """Create a song's track as of a day; once reissued, it has another track id and album."""
    reissue = song.reissued_on is not None and day >= song.reissued_on
    return {
        **_object("track", spotify_id("track", song.number, reissue)),
        "album": _album(song, reissue),
        "artists": [_artist(name) for name in song.artists],
        "available_markets": MARKETS,
        "disc_number": 1,
        "duration_ms": 125_000 + int(130_000 * chance(song.number, "duration")),
        "episode": False,
        "explicit": chance(song.number, "explicit") < 0.35,
        "external_ids": {"isrc": f"QZ{hex_id('isrc', song.number)[:10].upper()}"},
        "is_local": False,
        "name": song.title,
        "popularity": _popularity(song, day),
        "preview_url": None,
        "track": True,
        "track_number": 1 + int(song.album_tracks * chance(song.number, "track number")),
    }


def local_track(song: Song) -> dict[str, Any]:
    """Create the song as a file on a user's computer: Spotify knows its tags but no id."""
    nobody: dict[str, Any] = {"external_urls": {}, "href": None, "id": None, "uri": None}
    return {
        "album": {
            **nobody,
            "album_type": None,
            "artists": [],
            "available_markets": [],
            "images": [],
            "name": song.album,
            "release_date": None,
            "release_date_precision": None,
            "type": "album",
        },
        "artists": [{**nobody, "name": song.artists[0], "type": "artist"}],
        "available_markets": [],
        "disc_number": 0,
        "duration_ms": 187_000,
        "explicit": False,
        "external_ids": {},
        "external_urls": {},
        "href": None,
        "id": None,
        "is_local": True,
        "name": song.title,
        "popularity": 0,
        "preview_url": None,
        "track_number": 0,
        "type": "track",
        "uri": f"spotify:local:{'+'.join(song.artists[0].split())}::Demo:187",
    }


def episode(day: date) -> dict[str, Any]:
    """Create a podcast episode, which has a show but no artists or album."""
    show = {**_object("show", spotify_id("show")), "name": "The Overnight Desk"}
    return {
        **_object("episode", spotify_id("episode", day)),
        "audio_preview_url": None,
        "description": "What everybody will be humming tomorrow.",
        "duration_ms": 1_860_000,
        "episode": True,
        "explicit": False,
        "images": _images("show"),
        "is_externally_hosted": False,
        "is_local": False,
        "languages": ["en"],
        "name": f"The Overnight Desk, {day:%d %B}",
        "release_date": day.isoformat(),
        "release_date_precision": "day",
        "show": show,
        "track": False,
    }


def _popularity(song: Song, day: date) -> int:
    """Score a track some days late, as Spotify does: a song of yesterday or today still has 0."""
    age = (day - song.released_on).days
    return 0 if age < 2 else max(40, 99 - age // 8 - int(12 * chance(song.number, "popularity")))


def _album(song: Song, reissue: bool) -> dict[str, Any]:
    key = (song.album, song.artists[0], song.release_date, reissue)
    return {
        **_object("album", spotify_id("album", *key)),
        "album_type": "album" if song.album_tracks > 1 else "single",
        "artists": [_artist(song.artists[0])],
        "available_markets": MARKETS,
        "images": _images(*key),
        "name": f"{song.album} (Deluxe)" if reissue else song.album,
        "release_date": song.reissued_on.isoformat()
        if reissue and song.reissued_on
        else song.release_date,
        "release_date_precision": song.precision,
        "total_tracks": song.album_tracks + (4 if reissue else 0),
    }


def _artist(name: str) -> dict[str, Any]:
    return {**_object("artist", spotify_id("artist", name)), "name": name}


def _object(kind: str, object_id: str) -> dict[str, Any]:
    """Create the five fields that every Spotify object has."""
    return {
        "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{object_id}"},
        "href": f"https://api.spotify.com/v1/{kind}s/{object_id}",
        "id": object_id,
        "type": kind,
        "uri": f"spotify:{kind}:{object_id}",
    }


def _images(*key: object) -> list[dict[str, Any]]:
    name = hex_id("image", *key)
    return [
        {"height": size, "url": f"https://i.scdn.co/image/{name}{size}", "width": size}
        for size in (640, 300, 64)
    ]
