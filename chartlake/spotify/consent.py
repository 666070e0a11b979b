"""`make consent`: a user logs in -> the refresh token that charts with login = "user" need.

A consent holds six months. The app's page on developer.spotify.com must name REDIRECT among its
redirect addresses. Nothing listens there: the person copies the address out of the browser, so that
this works on a machine without one too.
"""

import os
import secrets
import sys
from collections.abc import Callable, Mapping

import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.exceptions import SpotifyOauthError, SpotifyStateError

from chartlake.contract.printable import printable
from extract_lambda.settings import SettingsError, read_settings
from extract_lambda.spotify.auth import TIMEOUT_SECONDS
from extract_lambda.spotify.credentials import read_credentials
from extract_lambda.spotify.errors import in_short
from extract_lambda.spotify.http import Session

REDIRECT = "http://127.0.0.1:8888/callback"
SCOPE = "playlist-read-private playlist-read-collaborative"


def ask_consent(environ: Mapping[str, str], ask: Callable[[str], str]) -> str:
    """Show where to consent, ask for the address that the browser ends at; give the refresh token.

    Raises SettingsError, and SpotifyOauthError or RequestException when Spotify gives no token.
    """
    # A consent needs no lake, and the settings are read as a run reads them.
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
        f"The browser ends at {REDIRECT}?… and shows an error. Paste that address here: "
    )
    state, code = login.parse_auth_response_url(address.strip())
    if state != login.state or not code:
        raise SpotifyStateError(login.state, state)
    login.get_access_token(code, as_dict=False, check_cache=False)
    return str(login.cache_handler.get_cached_token()["refresh_token"])


def main() -> int:
    """Ask at the terminal; return 1 when no token was given."""
    try:
        token = ask_consent(os.environ, input)
    except SpotifyStateError:
        sys.exit("That address is not from this consent. Start again and paste the whole of it.")
    except SettingsError as error:
        sys.exit(str(error))
    except (SpotifyOauthError, requests.RequestException, KeyError, TypeError) as error:
        # spotipy takes the documented shape of a token for granted.
        what = printable(in_short(getattr(error, "error", None) or type(error).__name__))
        sys.exit(
            f"Spotify gave no token ({what}). Check the app's credentials and redirect address."
        )
    sys.stdout.write(
        f"\nThe refresh token, good for six months; it is a secret, so put it into the secret as "
        f"refresh_token, or into SPOTIFY_REFRESH_TOKEN:\n\n{token}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
