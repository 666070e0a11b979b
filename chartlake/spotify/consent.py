"""`chartlake consent`: a user logs in -> the refresh token that charts with login = "user" need.

A consent is valid for six months. The app's page on developer.spotify.com must list REDIRECT among
its redirect addresses. Nothing listens there: the user copies the address out of the browser, so
this also works on a machine without a browser.
"""

import os
import secrets
import sys
from collections.abc import Callable, Mapping

import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.exceptions import SpotifyOauthError, SpotifyStateError

from chartlake.contract.errors import UserError
from chartlake.contract.printable import printable
from extract_lambda.settings import read_settings
from extract_lambda.spotify.auth import TIMEOUT_SECONDS
from extract_lambda.spotify.credentials import read_credentials
from extract_lambda.spotify.errors import in_short
from extract_lambda.spotify.http import Session

REDIRECT = "http://127.0.0.1:8888/callback"
SCOPE = "playlist-read-private playlist-read-collaborative"


def ask_consent(environ: Mapping[str, str], ask: Callable[[str], str]) -> str:
    """Show the consent URL, ask for the URL that the browser ends at; return the refresh token.

    Raises SettingsError, and SpotifyOauthError or RequestException if Spotify returns no token.
    """
    # A consent needs no lake, but the settings are read as in a run.
    settings = read_settings({"CHARTLAKE_RAW_ROOT": "unused", **environ})
    app = read_credentials(settings)
    login = spotipy.SpotifyOAuth(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=REDIRECT,
        scope=SCOPE,
        state=secrets.token_urlsafe(16),
        cache_handler=MemoryCacheHandler(),
        requests_session=Session(),
        requests_timeout=TIMEOUT_SECONDS,
    )
    login.OAUTH_TOKEN_URL = settings.token_url
    address = ask(
        f"Open this address, log in as the user who owns the playlists, and agree:\n\n"
        f"{login.get_authorize_url()}\n\n"
        f"The browser is redirected to {REDIRECT}?… and shows an error. Paste that address here: "
    )
    state, code = login.parse_auth_response_url(address.strip())
    if state != login.state or not code:
        raise SpotifyStateError(login.state, state)
    login.get_access_token(code, as_dict=False, check_cache=False)
    return str(login.cache_handler.get_cached_token()["refresh_token"])


def print_refresh_token() -> None:
    """Prompt on the terminal and print the token; raises UserError if Spotify returns none."""
    try:
        token = ask_consent(os.environ, input)
    except SpotifyStateError:
        raise UserError(
            "That address is not from this consent. Start again and paste the whole address."
        ) from None
    except (SpotifyOauthError, requests.RequestException, KeyError, TypeError) as error:
        # spotipy assumes the documented shape of a token.
        what = printable(in_short(getattr(error, "error", None) or type(error).__name__))
        raise UserError(
            f"Spotify returned no token ({what}). Check the app's credentials and redirect address."
        ) from None
    sys.stdout.write(
        f"\nThe refresh token, valid for six months. It is a secret: store it in the secret as "
        f"refresh_token, or in SPOTIFY_REFRESH_TOKEN:\n\n{token}\n"
    )
