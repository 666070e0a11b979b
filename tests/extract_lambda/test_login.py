import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities import parameters
from moto import mock_aws
from moto.core.config import DefaultConfig

from chartlake.spotify_stand_in import refusals
from chartlake.spotify_stand_in.server import SpotifyServer
from extract_lambda.settings import SettingsError
from extract_lambda.spotify.auth import Logins
from extract_lambda.spotify.client import PlaylistClient, fetch_playlist
from extract_lambda.spotify.credentials import read_credentials
from extract_lambda.spotify.errors import SpotifyError
from tests.support.spotify_fixtures import GLOBAL, settings_for, small_source

AROUND: DefaultConfig = {"core": {"passthrough": {"urls": [r"http://127\.0\.0\.1:.*"]}}}
APP = {"client_id": "the-id", "client_secret": "the-secret"}


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    with SpotifyServer(small_source({"p": 2}), date(2026, 10, 1)) as running:
        running.refresh_tokens = {"consent"}
        yield running


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Secrets Manager as seen by a new container."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    parameters.clear_caches()
    with mock_aws(config=AROUND):
        yield boto3.client("secretsmanager")
    parameters.clear_caches()


def read(logins: Logins, login: str) -> int:
    talk = PlaylistClient(logins, replace(GLOBAL, login=login), lambda: 60)
    total: int = fetch_playlist(talk, "p")[0]["total"]
    return total


def refused(logins: Logins, login: str) -> str:
    with pytest.raises(SpotifyError) as caught:
        read(logins, login)
    assert not caught.value.is_passing
    return str(caught.value)


def test_each_login_needs_only_one_token(server: SpotifyServer) -> None:
    logins = Logins(settings_for(server, refresh_token="consent"))
    assert [read(logins, login) for login in ("app", "user", "app", "user")] == [2, 2, 2, 2]
    assert server.requests.count("token") == 2


def test_without_a_refresh_token_only_the_chart_that_needs_it_fails(server: SpotifyServer) -> None:
    logins = Logins(settings_for(server))
    assert refused(logins, "user") == (
        'This chart has login = "user" in charts.toml, and the environment has no refresh token. '
        "Get one with `chartlake consent` and store it there (SPOTIFY_REFRESH_TOKEN, or "
        "refresh_token in a secret), then run again."
    )
    assert read(logins, "app") == 2


def test_an_expired_consent_says_how_to_renew_it(server: SpotifyServer) -> None:
    sentence = refused(Logins(settings_for(server, refresh_token="old consent")), "user")
    assert sentence.startswith(
        "Spotify returned no access token (invalid_grant). The user's consent"
    )
    assert "since 2026-06-18 a refresh token expires six months after consent" in sentence
    assert "Have the user log in and consent again with `chartlake consent`" in sentence
    assert "old consent" not in sentence


def test_wrong_credentials_fail_every_chart_and_are_sent_once(server: SpotifyServer) -> None:
    server.refusals["token"] = [refusals.INVALID_CLIENT]
    logins = Logins(settings_for(server))
    for _ in range(2):
        assert refused(logins, "app") == (
            "Spotify returned no access token (invalid_client). Check the client id and the client "
            "secret, then run again."
        )
    assert server.requests == ["token"]


def test_a_secret_is_read_once_per_container(server: SpotifyServer, secrets: Any) -> None:
    secrets.create_secret(Name="app", SecretString=json.dumps({**APP, "refresh_token": "consent"}))
    settings = settings_for(server, secret_id="app", client_id="", client_secret="")
    assert [read(Logins(settings), login) for login in ("app", "user")] == [2, 2]
    secrets.delete_secret(SecretId="app", ForceDeleteWithoutRecovery=True)
    assert read(Logins(settings), "user") == 2


def test_a_changed_secret_is_read_again_once_spotify_rejects_the_old(
    server: SpotifyServer, secrets: Any
) -> None:
    secrets.create_secret(Name="app", SecretString=json.dumps({**APP, "refresh_token": "old"}))
    settings = settings_for(server, secret_id="app")
    assert "invalid_grant" in refused(Logins(settings), "user")
    assert server.requests == ["token", "token"]
    new = json.dumps({**APP, "refresh_token": "consent"})
    secrets.put_secret_value(SecretId="app", SecretString=new)
    assert read(Logins(settings), "user") == 2


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (None, "the secret app cannot be read: .*secretsmanager:GetSecretValue on it."),
        ("the-secret", "the secret app must be a JSON object such as .*Correct it and run again."),
        ("[1]", "the secret app must be a JSON object such as"),
        ('{"client_id": " "}', "the secret app is missing client_id, client_secret. Add them"),
    ],
)
def test_an_unusable_secret_says_why(
    server: SpotifyServer, secrets: Any, held: str | None, sentence: str
) -> None:
    if held is not None:
        secrets.create_secret(Name="app", SecretString=held)
    with pytest.raises(SettingsError, match=sentence) as caught:
        read_credentials(settings_for(server, secret_id="app"))
    assert "the-secret" not in str(caught.value)


def test_no_library_logs_a_secret_at_debug_level(
    server: SpotifyServer, secrets: Any, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("spotipy", "spotipy.client", "urllib3", "botocore", "boto3"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    caplog.set_level(logging.DEBUG)
    secrets.create_secret(Name="app", SecretString=json.dumps({**APP, "refresh_token": "consent"}))
    caplog.clear()
    settings = settings_for(server, secret_id="app")
    told = repr(settings)
    for login in ("app", "user"):
        logins = Logins(settings)
        read(logins, login)
        server.refusals["p"] = [500]
        with pytest.raises(SpotifyError) as caught:
            read(logins, login)
        told += repr(caught.value)
    logging.getLogger("asked").debug("the root logger listens")
    assert "the root logger listens" in caplog.text
    told += caplog.text + repr(read_credentials(settings))
    for secret in ("the-secret", "consent", server.access_token, "Basic ", "Bearer "):
        assert secret not in told
