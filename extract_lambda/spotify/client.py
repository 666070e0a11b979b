"""Spotify's Web API -> a whole playlist, all pages joined, entries exactly as Spotify sent them.

An entry's track is under `track`, `item` or both, depending on the age of the app; raw keeps what
came. Only available_markets is left out: it is most of a response and in no table.
"""

from collections.abc import Callable, Iterator
from typing import Any

import spotipy

from chartlake.contract.chart_config import Chart
from chartlake.contract.counts import counted
from extract_lambda.spotify.auth import TIMEOUT_SECONDS, Logins
from extract_lambda.spotify.errors import SpotifyError, in_our_words, not_json

PAGE_SIZE = 50
NAMES = ("track", "item")
METADATA = "id,name,description,snapshot_id,owner"
# `!` keeps all other fields of a track, so a new field is in raw from its first day. A track is
# named twice: Spotify's reference does not say whether `!` may be combined with a named field.
_TRACK = "{0}(!available_markets),{0}(album(!available_markets))"
_ENTRY = ",".join(
    ["added_at,added_by,is_local,primary_color,video_thumbnail", *map(_TRACK.format, NAMES)]
)
ENTRIES = f"total,offset,next,items({_ENTRY})"


class PlaylistClient:
    """One chart's requests to Spotify: counted, and limited to the time that the run has left.

    `fields` are the fields requested of a page; None: all.
    """

    def __init__(self, logins: Logins, chart: Chart, seconds_left: Callable[[], float]) -> None:
        self.logins = logins
        self.chart = chart
        self.seconds_left = seconds_left
        self.fields: str | None = ENTRIES
        self.attempts = 0
        self.requests = 0
        self.throttles = 0
        self._client: spotipy.Spotify | None = None

    def ask(self, what: str, question: Callable[[spotipy.Spotify], Any]) -> dict[str, Any]:
        """Send one request; raises SpotifyError for any response that is not a JSON object."""
        left = self.seconds_left()
        if left <= 0:
            raise SpotifyError(f"No time was left to request {what} from Spotify. Run again.")
        timeout_seconds = min(TIMEOUT_SECONDS, left)
        client = self._client or self.logins.client(self.chart.login, timeout_seconds)
        self._client, client.requests_timeout = client, timeout_seconds
        self.requests += 1
        try:
            with in_our_words(what):
                answer = question(client)
        except SpotifyError as error:
            self.throttles += error.is_throttle
            raise
        if not isinstance(answer, dict):
            raise not_json(what)
        return answer


def fetch_playlist(talk: PlaylistClient, playlist_id: str) -> tuple[dict[str, Any], int]:
    """Fetch a playlist's metadata, `total` and `items`; return them and the number of pages.

    Raises SpotifyError if Spotify refuses or cannot be reached, or if the playlist is empty or its
    pages do not add up.
    """
    what = f"playlist {playlist_id}"
    metadata = talk.ask(what, lambda client: client.playlist(playlist_id, fields=METADATA))
    pages = list(_pages(talk, playlist_id))
    if not all(map(_is_whole, pages[0]["items"])):
        # The names changed once (track, item) and may again: then keep everything, at any size.
        talk.fields = None
        pages = list(_pages(talk, playlist_id))
    if len(pages) > 1:
        _check_unchanged(talk, playlist_id, pages[0])
    entries = [entry for page in pages for entry in page["items"]]
    total = pages[0]["total"]
    if len(entries) != total:
        raise _torn(
            playlist_id, f"{len(entries):,} of its {counted(total, 'entry', 'entries')} arrived"
        )
    if not entries:
        raise SpotifyError(
            f"Playlist {playlist_id} is empty. Check its playlist_id in charts.toml and open it on "
            "open.spotify.com; an empty chart is not stored."
        )
    return {**metadata, "total": total, "items": entries}, len(pages)


def _pages(talk: PlaylistClient, playlist_id: str) -> Iterator[dict[str, Any]]:
    """Continue where the last page ended, whatever its size, until Spotify names no next page."""
    read, total = 0, None
    while True:
        page = talk.ask(f"playlist {playlist_id}", _page_from(playlist_id, read, talk.fields))
        if not _is_page(page) or page["offset"] != read:
            raise _torn(playlist_id, f"the page after entry {read} is missing")
        total = page["total"] if total is None else total
        if page["total"] != total:
            raise _torn(
                playlist_id, f"its {counted(total, 'entry', 'entries')} became {page['total']:,}"
            )
        yield page
        read += len(page["items"])
        if not page["next"]:
            return
        if not page["items"] or read >= page["total"]:
            raise _torn(playlist_id, f"its pages continue after entry {read}")


def _check_unchanged(talk: PlaylistClient, playlist_id: str, first: dict[str, Any]) -> None:
    """Read the first page again: a new edition of the same size may have come in between.

    Spotify's snapshot_id does not show that: for Spotify's own playlists it may differ from
    response to response (github.com/spotify/web-api/issues/858).
    """
    page = talk.ask(f"playlist {playlist_id}", _page_from(playlist_id, 0, talk.fields))
    if not _is_page(page) or _shown(page) != _shown(first):
        raise _torn(playlist_id, "its first entries have changed")


def _shown(page: dict[str, Any]) -> list[Any]:
    """Return the track ids of a page. Other fields, such as popularity, may change meanwhile."""
    tracks = [_track(entry) for entry in page["items"]]
    return [track.get("id") if isinstance(track, dict) else track for track in tracks]


def _page_from(
    playlist_id: str, offset: int, fields: str | None
) -> Callable[[spotipy.Spotify], Any]:
    return lambda client: client.playlist_items(
        playlist_id, fields=fields, limit=PAGE_SIZE, offset=offset
    )


def _is_page(answer: dict[str, Any]) -> bool:
    kinds = {"items": list, "total": int, "offset": int, "next": str | None}
    return all(isinstance(answer.get(name, ...), kind) for name, kind in kinds.items())


def _is_whole(entry: Any) -> bool:
    """Check that an entry has the fields the tables need, unless it is not a chart's track."""
    if not isinstance(entry, dict) or not entry.keys() & set(NAMES):
        return False
    track = _track(entry)
    if not isinstance(track, dict) or track.get("type") == "episode":
        return True
    return {"id", "name", "artists", "album"} <= track.keys()


def _track(entry: Any) -> Any:
    return (entry.get("item") or entry.get("track")) if isinstance(entry, dict) else None


def _torn(playlist_id: str, found: str) -> SpotifyError:
    return SpotifyError(
        f"Playlist {playlist_id} changed while it was read, or pages are missing: {found}. "
        "Nothing of it was stored; run again.",
        is_passing=True,
    )
