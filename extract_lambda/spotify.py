"""Spotify's Web API -> a whole playlist, every page joined, entries exactly as Spotify sent them.

An entry's track stands under `track` or `item` or both, depending on the age of the app: raw keeps
what came. spotipy's own retry is kept out by a session of ours: it sleeps for as long as Spotify's
Retry-After says (hours, in a Lambda) and reports a 500 as a 429.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.exceptions import SpotifyException, SpotifyOauthError

from extract_lambda.config import Settings

PAGE_SIZE = 50
TIMEOUT_SECONDS = 10
FIELDS = "id,name,description,snapshot_id,owner"

UNREADABLE = (
    "Since 2024-11-27 a new app cannot read Spotify's own charts, and since 2026-02 it reads only "
    "playlists that its user owns or collaborates on. Asking again will not help: in charts.toml, "
    'set source = "charts_csv" for this chart, or the playlist_id of a playlist of your own (which '
    "needs SPOTIFY_REFRESH_TOKEN)."
)
ADVICE = {
    401: "The app's access token was not accepted. Check SPOTIFY_CLIENT_ID and its secret.",
    403: UNREADABLE,
    404: UNREADABLE,
    429: "The app has asked too often. Run again later, or schedule fewer runs.",
}

TOKEN_ADVICE = {
    "invalid_client": "Check SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, then run again.",
    "invalid_grant": "The user's consent is over: it lasts six months. Give it again and put the "
    "new token into SPOTIFY_REFRESH_TOKEN.",
}


class SpotifyError(Exception):
    """Spotify did not give the playlist; the message says why and what to do."""


def connect(settings: Settings) -> spotipy.Spotify:
    """Make a client for the settings' app, or user; it asks for a token when it is first used."""
    # At DEBUG spotipy logs the client secret and the token; what it says otherwise, we say too.
    logging.getLogger("spotipy").setLevel(logging.CRITICAL)
    login = _as_user(settings) if settings.refresh_token else _as_app(settings)
    login.OAUTH_TOKEN_URL = settings.token_url
    client = spotipy.Spotify(
        auth_manager=login,
        requests_session=requests.Session(),
        requests_timeout=TIMEOUT_SECONDS,
    )
    client.prefix = settings.api_url
    return client


def _as_app(settings: Settings) -> Any:
    return spotipy.SpotifyClientCredentials(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        cache_handler=MemoryCacheHandler(),
        requests_timeout=TIMEOUT_SECONDS,
    )


def _as_user(settings: Settings) -> Any:
    """Log in with a consent that was given before: a token that is over makes spotipy renew it."""
    # Without its scope spotipy would not renew the token but ask for a new consent, at a prompt.
    over = {"refresh_token": settings.refresh_token, "expires_at": 0, "scope": ""}
    return spotipy.SpotifyOAuth(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        redirect_uri="http://127.0.0.1/",
        cache_handler=MemoryCacheHandler(over),
        requests_timeout=TIMEOUT_SECONDS,
        open_browser=False,
    )


def fetch_playlist(client: spotipy.Spotify, playlist_id: str) -> tuple[dict[str, Any], int]:
    """Read a playlist's metadata, `total` and `items`; and the number of pages that they came in.

    Raises SpotifyError when Spotify refuses, cannot be reached, or the pages do not add up.
    """
    with _in_our_words(playlist_id):
        metadata = client.playlist(playlist_id, fields=FIELDS)
        pages = list(_pages(client, playlist_id))
    entries = [entry for page in pages for entry in page["items"]]
    total = pages[-1]["total"]
    if not isinstance(metadata, dict) or len(entries) != total:
        raise SpotifyError(_torn(playlist_id, f"{len(entries)} of its {total} entries came"))
    return {**metadata, "total": total, "items": entries}, len(pages)


def _pages(client: spotipy.Spotify, playlist_id: str) -> Iterator[dict[str, Any]]:
    """Follow `next`; each page must begin where the last one ended, so none is read twice."""
    page, read = client.playlist_items(playlist_id, limit=PAGE_SIZE), 0
    while True:
        if not _is_page(page) or page["offset"] != read:
            raise SpotifyError(_torn(playlist_id, f"no page of entries came after entry {read}"))
        yield page
        read += len(page["items"])
        if not page["next"]:
            return
        if not page["items"] or read >= page["total"]:
            raise SpotifyError(_torn(playlist_id, f"its pages go on after entry {read}"))
        page = client.next(page)


def _is_page(answer: Any) -> bool:
    kinds = {"items": list, "total": int, "offset": int, "next": str | None}
    return isinstance(answer, dict) and all(
        isinstance(answer.get(name, ...), kind) for name, kind in kinds.items()
    )


@contextmanager
def _in_our_words(playlist_id: str) -> Iterator[None]:
    """Turn the libraries' exceptions into ours; `from None`: theirs hold the request's headers."""
    try:
        yield
    except SpotifyException as error:
        raise SpotifyError(_refusal(playlist_id, error)) from None
    except SpotifyOauthError as error:
        advice = TOKEN_ADVICE.get(error.error, "Spotify may have trouble of its own. Run again.")
        why = f"Spotify gave no access token ({_short(error.error)})"
        raise SpotifyError(f"{why}. {advice}") from None
    except requests.RequestException as error:
        raise SpotifyError(
            f"Spotify could not be reached for playlist {playlist_id} ({type(error).__name__}). "
            "Check the network and Spotify's status page, then run again."
        ) from None


def _refusal(playlist_id: str, error: SpotifyException) -> str:
    advice = ADVICE.get(error.http_status)
    if advice is None and error.http_status >= 500:
        advice = "Spotify has trouble of its own. Run again in some minutes."
    why = error.reason or str(error.msg).rpartition("\n")[2]
    wait = (error.headers or {}).get("Retry-After")
    return (
        f"Spotify answered {error.http_status} for playlist {playlist_id} ({_short(why)}). "
        + (f"It asks to wait {wait} seconds. " if wait else "")
        + (advice or "Check the playlist_id in charts.toml and SPOTIFY_API_URL.")
    )


def _torn(playlist_id: str, found: str) -> str:
    return (
        f"Playlist {playlist_id} changed while it was read, or pages are missing: {found}. "
        "Nothing was kept of it; run again."
    )


def _short(text: object) -> str:
    """Keep a page of HTML out of a sentence."""
    return " ".join(str(text).split())[:100]
