import logging
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extract_lambda.config import Settings
from extract_lambda.spotify import SpotifyError, connect, fetch_playlist
from local.spotify import web_api
from local.spotify.refusals import oauth_error
from local.spotify.server import SpotifyServer
from tests.spotify_fixtures import small_source

LONG, OLD, NEW, EMPTY = "long", "old", "new", "empty"


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    source = small_source({LONG: 120, OLD: 2, NEW: 2, EMPTY: 0})
    with SpotifyServer(source, date(2026, 10, 1), {OLD: "track", NEW: "item"}) as running:
        yield running


def settings_for(server: SpotifyServer, refresh_token: str | None = None) -> Settings:
    return Settings(
        raw_root="unused",
        charts_file=Path("unused"),
        client_id="the-id",
        client_secret="the-secret",  # noqa: S106
        api_url=server.api_url,
        token_url=server.token_url,
        refresh_token=refresh_token,
    )


def fetch(server: SpotifyServer, playlist_id: str) -> tuple[dict[str, Any], int]:
    return fetch_playlist(connect(settings_for(server)), playlist_id)


def test_every_page_is_followed(server: SpotifyServer) -> None:
    playlist, pages = fetch(server, LONG)
    ids = [entry["item"]["id"] for entry in playlist["items"]]
    assert ids == [f"t{position}" for position in range(120)]
    assert (playlist["total"], pages) == (120, 3)


def test_metadata_comes_without_the_first_page(server: SpotifyServer) -> None:
    playlist, _ = fetch(server, LONG)
    assert {name: playlist[name] for name in ("id", "name", "snapshot_id", "owner")} == {
        "id": "long",
        "name": "Small",
        "snapshot_id": "s1",
        "owner": {"id": "spotify"},
    }
    assert "tracks" not in playlist


@pytest.mark.parametrize(
    ("playlist_id", "names"), [(OLD, {"track"}), (NEW, {"item"}), (LONG, {"track", "item"})]
)
def test_entries_stay_in_the_shape_that_spotify_sent(
    server: SpotifyServer, playlist_id: str, names: set[str]
) -> None:
    entry = fetch(server, playlist_id)[0]["items"][0]
    assert entry.keys() == {"added_at", "is_local"} | names


def test_an_empty_playlist_is_an_answer(server: SpotifyServer) -> None:
    playlist, pages = fetch(server, EMPTY)
    assert (playlist["items"], playlist["total"], pages) == ([], 0, 1)


@pytest.mark.parametrize("status", [403, 404])
def test_a_chart_that_may_not_be_read_names_the_rule_and_the_other_source(
    server: SpotifyServer, status: int
) -> None:
    server.refusals[OLD] = [status]
    with pytest.raises(SpotifyError) as caught:
        fetch(server, OLD)
    sentence = str(caught.value)
    assert sentence.startswith(f"Spotify answered {status} for playlist old (")
    assert "Since 2024-11-27 a new app cannot read Spotify's own charts" in sentence
    assert 'set source = "charts_csv" for this chart' in sentence


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (400, "Spotify answered 400 for playlist old (Bad Request). Check the playlist_id"),
        (401, "Spotify answered 401 for playlist old (Unauthorized). The app's access token"),
        (429, "(Too Many Requests). It asks to wait 30 seconds. The app has asked too often."),
        (503, "Spotify answered 503 for playlist old (Service Unavailable). Spotify has trouble"),
    ],
)
def test_a_refusal_says_its_own_status_at_once_and_what_to_do(
    server: SpotifyServer, status: int, sentence: str
) -> None:
    server.refusals[OLD] = [status]
    with pytest.raises(SpotifyError) as caught:
        fetch(server, OLD)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (
            503,
            "server_error",
            "no access token (server_error). Spotify may have trouble of its own. Run again.",
        ),
        (
            400,
            "invalid_client",
            "no access token (invalid_client). Check SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECR",
        ),
    ],
)
def test_a_refused_token_says_whether_the_credentials_are_wrong(
    server: SpotifyServer, status: int, code: str, sentence: str
) -> None:
    server.refusals["token"] = [oauth_error(code, status)]
    with pytest.raises(SpotifyError) as caught:
        fetch(server, OLD)
    assert sentence in str(caught.value)


def test_a_users_consent_opens_their_own_playlist(server: SpotifyServer) -> None:
    server.refresh_tokens = {"consent"}
    client = connect(settings_for(server, refresh_token="consent"))  # noqa: S106
    assert fetch_playlist(client, OLD)[0]["total"] == 2


def test_a_consent_that_is_over_says_how_to_renew_it(server: SpotifyServer) -> None:
    client = connect(settings_for(server, refresh_token="old consent"))  # noqa: S106
    with pytest.raises(SpotifyError, match="invalid_grant.*SPOTIFY_REFRESH_TOKEN") as caught:
        fetch_playlist(client, OLD)
    assert "old consent" not in str(caught.value)


def test_an_unreachable_spotify_is_an_error_of_ours() -> None:
    with SpotifyServer(small_source({}), date(2026, 10, 1)) as server:
        settings = settings_for(server)
    with pytest.raises(SpotifyError, match="could not be reached for playlist old .ConnectionErr"):
        fetch_playlist(connect(settings), OLD)


Torn = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.mark.parametrize(
    ("torn", "found"),
    [
        pytest.param(lambda page: {**page, "total": 121}, "120 of its 121", id="total is larger"),
        pytest.param(
            lambda page: {**page, "items": page["items"][:40]},
            "no page of entries came after entry 40",
            id="pages are short",
        ),
        pytest.param(
            lambda page: {**page, "next": page["href"]},
            "no page of entries came after entry 50",
            id="next leads back",
        ),
        pytest.param(
            lambda page: {**page, "total": 50}, "go on after entry 50", id="next leads on"
        ),
        pytest.param(
            lambda page: {**page, "items": []}, "go on after entry 0", id="pages are empty"
        ),
        pytest.param(
            lambda page: {"items": None}, "no page of entries came after entry 0", id="no page"
        ),
    ],
)
def test_pages_that_do_not_add_up_are_refused(
    server: SpotifyServer, monkeypatch: pytest.MonkeyPatch, torn: Torn, found: str
) -> None:
    whole = web_api.page
    monkeypatch.setattr(web_api, "page", lambda *args: torn(whole(*args)))
    with pytest.raises(SpotifyError, match="changed while it was read, or pages are missing") as e:
        fetch(server, LONG)
    assert found in str(e.value)


def test_the_secret_and_the_token_stay_out_of_logs_and_exceptions(
    server: SpotifyServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = connect(settings_for(server))
    fetch_playlist(client, OLD)
    server.refusals[OLD] = [500]
    with pytest.raises(SpotifyError) as caught:
        fetch_playlist(client, OLD)
    told = caplog.text + repr(caught.value)
    assert "the-secret" not in told
    assert server.access_token not in told
    assert "Basic " not in told
