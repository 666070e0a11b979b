import re
from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from spotipy.exceptions import SpotifyOauthError, SpotifyStateError

from chartlake.spotify.consent import REDIRECT, ask_consent
from chartlake.spotify_stand_in.server import SpotifyServer
from tests.support.command import chartlake
from tests.support.spotify_fixtures import small_source


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    with SpotifyServer(small_source({}), date(2026, 11, 20)) as running:
        running.codes = {"a-code": "the-consent"}
        yield running


@pytest.fixture
def environ(server: SpotifyServer) -> dict[str, str]:
    return {
        "SPOTIFY_CLIENT_ID": "the-id",
        "SPOTIFY_CLIENT_SECRET": "the-secret",
        "SPOTIFY_TOKEN_URL": server.token_url,
    }


def user(code: str, state: str | None = None) -> Callable[[str], str]:
    """A user who opens the address, agrees, and pastes the final URL."""

    def answer(prompt: str) -> str:
        query = parse_qs(urlsplit(re.findall(r"https://\S+", prompt)[0]).query)
        assert query["redirect_uri"] == [REDIRECT]
        assert query["scope"] == ["playlist-read-private playlist-read-collaborative"]
        return f" {REDIRECT}?code={code}&state={state or query['state'][0]}\n"

    return answer


def test_a_consent_returns_the_refresh_token(environ: dict[str, str]) -> None:
    assert ask_consent(environ, user("a-code")) == "the-consent"


def test_a_redirect_of_another_consent_is_rejected(
    environ: dict[str, str], server: SpotifyServer
) -> None:
    with pytest.raises(SpotifyStateError):
        ask_consent(environ, user("a-code", state="another"))
    assert server.requests == []


def test_an_expired_code_gives_no_token(environ: dict[str, str]) -> None:
    with pytest.raises(SpotifyOauthError, match="invalid_grant"):
        ask_consent(environ, user("old-code"))


def test_the_command_explains_the_token_and_any_error(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("builtins.input", user("a-code"))
    assert chartlake("consent") == 0
    assert capsys.readouterr().out.endswith("in SPOTIFY_REFRESH_TOKEN:\n\nthe-consent\n")
    monkeypatch.setattr("builtins.input", user("old-code"))
    assert chartlake("consent") == 1
    told = capsys.readouterr().err
    assert told.startswith("Error: Spotify returned no token (invalid_grant). Check the app's")
