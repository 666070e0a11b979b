"""Credentials -> access tokens: one per login and run, requested when a chart first needs it.

A token is valid for an hour, longer than any Lambda, so none is renewed. Charts are read
concurrently. Each has its own client with the same token: spotipy and its session are not shared.
"""

from threading import Lock
from typing import Any

import spotipy
from spotipy.cache_handler import MemoryCacheHandler

from extract_lambda.settings import Settings
from extract_lambda.spotify.credentials import Credentials, read_credentials
from extract_lambda.spotify.errors import SpotifyError, in_our_words
from extract_lambda.spotify.http import Session

TIMEOUT_SECONDS = 10


class Logins:
    """The logins that charts.toml names: `app` and `user`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.requests = 0
        self._lock = Lock()
        self._tokens: dict[str, str | SpotifyError] = {}

    def client(self, login: str, timeout_seconds: float) -> spotipy.Spotify:
        """Create a logged-in client; it neither retries nor sleeps.

        Raises SpotifyError if Spotify issues no token; a permanent error is raised again.
        """
        client = spotipy.Spotify(
            auth=self._token(login, timeout_seconds), requests_session=Session()
        )
        client.prefix = self.settings.api_url
        return client

    def _token(self, login: str, timeout_seconds: float) -> str:
        with self._lock:
            if login not in self._tokens:
                try:
                    self._tokens[login] = self._ask(login, timeout_seconds)
                except SpotifyError as error:
                    if error.is_passing:
                        raise
                    self._tokens[login] = error
            held = self._tokens[login]
        if isinstance(held, SpotifyError):
            raise held
        return held

    def _ask(self, login: str, timeout_seconds: float) -> str:
        try:
            return self._ask_with(read_credentials(self.settings), login, timeout_seconds)
        except SpotifyError as error:
            if not error.refuses_credentials or self.settings.secret_id is None:
                raise
        changed = read_credentials(self.settings, again=True)
        return self._ask_with(changed, login, timeout_seconds)

    def _ask_with(self, credentials: Credentials, login: str, timeout_seconds: float) -> str:
        known: dict[str, Any] = {
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            # Otherwise spotipy writes tokens to a file, and a Lambda's disk is read-only.
            "cache_handler": MemoryCacheHandler(),
            "requests_session": Session(),
            "requests_timeout": timeout_seconds,
        }
        if login == "user" and not credentials.refresh_token:
            raise SpotifyError(_no_consent(credentials.source), refuses_credentials=True)
        self.requests += 1
        with in_our_words("an access token"):
            if login == "app":
                app = spotipy.SpotifyClientCredentials(**known)
                app.OAUTH_TOKEN_URL = self.settings.token_url
                return str(app.get_access_token(as_dict=False, check_cache=False))
            user = spotipy.SpotifyOAuth(redirect_uri="http://127.0.0.1/", **known)
            user.OAUTH_TOKEN_URL = self.settings.token_url
            return str(user.refresh_access_token(credentials.refresh_token)["access_token"])


def _no_consent(source: str) -> str:
    return (
        f'This chart has login = "user" in charts.toml, and {source} has no refresh token. Get '
        "one with `chartlake consent` and store it there (SPOTIFY_REFRESH_TOKEN, or "
        "refresh_token in a secret), then run again."
    )
