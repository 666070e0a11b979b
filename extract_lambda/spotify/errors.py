"""Spotify and network errors -> a sentence that says what to do, and whether to retry.

Permanent errors are not retried: nothing changes until a person acts.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from spotipy.exceptions import SpotifyException, SpotifyOauthError

from chartlake.contract.counts import counted
from chartlake.contract.printable import printable

UNREADABLE = (
    "Since 2024-11-27 a new app cannot read Spotify's own charts, and since 2026-02 it reads only "
    "playlists that its user owns or collaborates on. Retrying will not help: in charts.toml, "
    'set source = "charts_csv" for this chart, or the playlist_id of a playlist of your own with '
    'login = "user", which needs a refresh token.'
)
NO_PREMIUM = (
    "Since 2026-02 an app works only while its owner has Spotify Premium. Renew the subscription "
    "of the account that owns the app, then run again."
)
QUOTA = (
    "The quota of the developer's account is used up; since 2026-07-23 all of its apps in "
    "development mode share it. Run again later, or schedule fewer runs."
)
THROTTLED = "The app has sent too many requests. Run again later, or schedule fewer runs."
TROUBLE = "Spotify is having problems. Run again in a few minutes."
AS_LONG_AS_A_SECRET = re.compile(r"[\w+/=.~-]{30,}")
"""A client secret has 32 digits, a token has more, and a playlist id has 22."""
ADVICE = {
    401: "The app's access token was rejected. Check the client id and its secret.",
    403: UNREADABLE,
    404: UNREADABLE,
}
TOKEN_ADVICE = {
    "invalid_client": "Check the client id and the client secret, then run again.",
    "invalid_grant": (
        "The user's consent has expired: since 2026-06-18 a refresh token expires six months "
        "after consent, however often it is used. Have the user log in and consent again with "
        "`chartlake consent`, and replace the old refresh token with the new one."
    ),
    "invalid_request": "Check the client id, the client secret and the refresh token.",
    "unauthorized_client": "This app may not log in this way. Check it in Spotify's dashboard.",
}


class SpotifyError(Exception):
    """Spotify did not return the playlist; the message says why and what to do.

    `is_passing`: a retry may help, after `wait_seconds` if Spotify gives a time. `ends_run`: why
    no other chart needs to be requested. `refuses_credentials`: the credentials may have changed
    meanwhile. `is_throttle`: there were too many requests.
    """

    def __init__(
        self,
        message: str,
        *,
        is_passing: bool = False,
        wait_seconds: float | None = None,
        ends_run: str | None = None,
        refuses_credentials: bool = False,
        is_throttle: bool = False,
    ) -> None:
        super().__init__(printable(message))
        self.is_passing = is_passing
        self.wait_seconds = wait_seconds
        self.ends_run = ends_run
        self.refuses_credentials = refuses_credentials
        self.is_throttle = is_throttle


@contextmanager
def in_our_words(what: str) -> Iterator[None]:
    """Convert library exceptions into ours; `from None`: theirs contain the request headers."""
    try:
        yield
    except SpotifyException as error:
        raise _refusal(what, error) from None
    except SpotifyOauthError as error:
        raise _no_token(error) from None
    except requests.RequestException as error:
        raise _unreached(what, error) from None
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        # spotipy assumes the documented shape of responses and errors, and json fails on a
        # hundred thousand brackets.
        raise SpotifyError(
            f"Spotify's response for {what} does not match its API documentation. {TROUBLE}",
            is_passing=True,
        ) from None


def not_json(what: str) -> SpotifyError:
    """Return the error for a response that is not JSON."""
    return SpotifyError(f"Spotify's response for {what} is not JSON. {TROUBLE}", is_passing=True)


def _refusal(what: str, error: SpotifyException) -> SpotifyError:
    status, why = error.http_status, error.reason or str(error.msg).rpartition("\n")[2]
    wait = _seconds((error.headers or {}).get("Retry-After"))
    message = f"Spotify returned {status} for {what} ({in_short(why)}). "
    if error.reason == "QUOTA_EXCEEDED":
        return SpotifyError(message + QUOTA, ends_run=QUOTA, is_throttle=True)
    if status == 403 and "premium" in str(error.msg).lower():
        return SpotifyError(message + NO_PREMIUM, ends_run=NO_PREMIUM)
    if status == 429 or status >= 500:
        request = "" if wait is None else f"It asked for a wait of {counted(wait, 'second')}. "
        advice = THROTTLED if status == 429 else TROUBLE
        return SpotifyError(
            message + request + advice,
            is_passing=True,
            wait_seconds=wait,
            is_throttle=status == 429,
        )
    advice = ADVICE.get(status, "Check the playlist_id in charts.toml and SPOTIFY_API_URL.")
    return SpotifyError(message + advice)


def _no_token(error: SpotifyOauthError) -> SpotifyError:
    code = error.error if isinstance(error.error, str) else "no reason given"
    message = f"Spotify returned no access token ({in_short(code)}). "
    if code in TOKEN_ADVICE:
        return SpotifyError(message + TOKEN_ADVICE[code], refuses_credentials=True)
    return SpotifyError(message + TROUBLE, is_passing=True)


def _unreached(what: str, error: requests.RequestException) -> SpotifyError:
    if isinstance(error, requests.JSONDecodeError | requests.exceptions.ContentDecodingError):
        return not_json(what)
    if isinstance(error, requests.Timeout):
        message = f"Spotify did not respond in time for {what}. "
    elif isinstance(error, requests.exceptions.ChunkedEncodingError):
        message = f"Spotify's response for {what} was cut off. "
    elif isinstance(error, requests.TooManyRedirects):
        message = f"Spotify redirected the request for {what}; credentials are not sent elsewhere. "
    else:
        message = f"Spotify could not be reached for {what} ({type(error).__name__}). "
    advice = "Check the network and Spotify's status page, then run again."
    return SpotifyError(message + advice, is_passing=True)


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isdecimal() else None


def in_short(text: object) -> str:
    """Keep HTML pages, and anything that could be an echoed secret, out of a message."""
    return " ".join(AS_LONG_AS_A_SECRET.sub("…", str(text)).split())[:100]
