"""No secret reaches a log, a manifest, a raw file, an exception or the terminal, on any path."""

import json
import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest
import snowflake.connector as snowflake_connector
from aws_lambda_powertools.utilities.parameters import clear_caches
from moto import mock_aws

from chartlake.snowflake import snow_cli
from chartlake.snowflake.environments import read_environment
from chartlake.spotify import consent, doctor
from chartlake.spotify_stand_in import refusals
from chartlake.spotify_stand_in.refusals import Refusal
from chartlake.spotify_stand_in.server import SpotifyServer
from extract_lambda.handler import handler
from extract_lambda.raw import store as raw_store
from extract_lambda.spotify import credentials
from tests.support.canaries import AWS, SECRETS, SNOWFLAKE, SPOTIFY, Elsewhere, elsewhere, found_in
from tests.support.command import chartlake
from tests.support.snowflake_account import account
from tests.support.spotify_fixtures import GLOBAL, PHILIPPINES, forget_logs, small_source

EVENT = {"scheduled_at": "2026-11-20T06:00:00Z"}
CHARTS = "".join(
    f'[charts.{chart.chart_id}]\nname = "{chart.name}"\nmarket = "{chart.market}"\n'
    f'source = "playlist"\nlogin = "{login}"\nplaylist_id = "{chart.playlist_id}"\n'
    'cadence = "daily"\nexpected_size = 2\ntolerance = 1\n'
    for chart, login in ((GLOBAL, "app"), (PHILIPPINES, "user"))
)
SENT = ("client secret", "refresh token", "access token")
ECHO = " and ".join(SECRETS[name] for name in SENT)
"""What Spotify might send back of what it was sent."""
THERE = "THERE"
PATHS: dict[str, Refusal | int | None] = {
    "all is well": None,
    "400": 400,
    "401": 401,
    "403": 403,
    "404": 404,
    "429": 429,
    "500": 500,
    "503": 503,
    "not JSON": refusals.NOT_JSON,
    "cut off": refusals.TRUNCATED,
    "too late": refusals.slow(1),
    "a list": Refusal(200, body=b"[]"),
    "echoed as an error": Refusal(403, ECHO),
    "echoed as a reason": Refusal(403, ECHO, reason=ECHO),
    "echoed as OAuth's error": Refusal(400, body=json.dumps({"error": ECHO}).encode()),
    "echoed as a page": Refusal(200, body=f"<html>{ECHO}</html>".encode()),
    "301": refusals.elsewhere(THERE, 301),
    "302": refusals.elsewhere(THERE, 302),
    "307": refusals.elsewhere(THERE, 307),
    "308": refusals.elsewhere(THERE, 308),
}


DOCTOR = partial(chartlake, "doctor")
AT_A_TERMINAL: tuple[Callable[[], Any], ...] = (
    lambda: chartlake("aws", "run", "dev", "--from", "2026-11-20"),
    lambda: chartlake("aws", "views", "dev"),
)


class Context:
    """A Lambda context with little time left, so that there are few retries."""

    aws_request_id = "a-request"

    def get_remaining_time_in_millis(self) -> int:
        return 10_600


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Set every logger to DEBUG, those of the libraries by name."""
    caplog.set_level("DEBUG")
    for name in ("spotipy", "botocore", "boto3", "urllib3", "requests"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    yield
    forget_logs()


@pytest.fixture
def there() -> Iterator[Elsewhere]:
    with elsewhere() as place:
        yield place


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    source = small_source({str(GLOBAL.playlist_id): 2, str(PHILIPPINES.playlist_id): 2})
    with SpotifyServer(source, date(2026, 11, 20)) as running:
        running.access_token = SECRETS["access token"]
        running.refresh_tokens = {SECRETS["refresh token"]}
        running.codes = {"a-code": SECRETS["refresh token"]}
        yield running


@pytest.fixture
def lake(server: SpotifyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty lake, and an environment full of secrets."""
    (tmp_path / "charts.toml").write_text(CHARTS, encoding="utf-8")
    known = {
        "CHARTLAKE_RAW_ROOT": str(tmp_path / "lake"),
        "CHARTLAKE_CHARTS_FILE": str(tmp_path / "charts.toml"),
        "SPOTIFY_API_URL": server.api_url,
        "SPOTIFY_TOKEN_URL": server.token_url,
    }
    for name, value in {**known, **SPOTIFY, **AWS, **SNOWFLAKE}.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "lake"


@pytest.fixture
def told(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> Callable[[Callable[[], Any]], str]:
    """Run something, and return all that it printed, logged, wrote, returned and raised."""

    def run(what: Callable[[], Any]) -> str:
        caplog.clear()
        try:
            answer = repr(what())
        except SystemExit as error:
            answer = str(error)
        except Exception:
            answer = traceback.format_exc()
        # What the tests themselves were given is no leak.
        written = [path.read_text() for path in tmp_path.glob("lake/**/*") if path.is_file()]
        printed = capfd.readouterr()
        return "\n".join([answer, caplog.text, printed.out, printed.err, *written])

    return run


def play(server: SpotifyServer, who: str, path: str, there: Elsewhere) -> None:
    """Make the stand-in follow a scenario at every request."""
    played = PATHS[path]
    if isinstance(played, Refusal) and played.location:
        played = refusals.elsewhere(there.url, played.status)
    names = ["token"] if who == "token" else [str(GLOBAL.playlist_id), str(PHILIPPINES.playlist_id)]
    for name in names:
        server.refusals[name] = [played] * 20


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["token", "playlist"])
def test_a_run_leaks_no_secret(lake, server, there, told, who, path):
    play(server, who, path, there)
    everything = told(lambda: handler(EVENT, Context()))
    assert '"run_id": "20261120T060000Z"' in everything
    assert "top50_philippines" in everything
    assert found_in(everything) == []
    assert there.heard == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["token", "playlist"])
def test_the_doctor_leaks_no_secret(lake, server, there, told, monkeypatch, who, path):
    monkeypatch.setattr(doctor, "TIMEOUT_SECONDS", 0.3)
    play(server, who, path, there)
    everything = told(lambda: chartlake("doctor"))
    assert "token (user)" in everything
    assert found_in(everything) == []
    assert there.heard == []


@pytest.mark.parametrize("path", [path for path in PATHS if path != "all is well"])
def test_a_failed_consent_leaks_no_secret(lake, server, there, told, monkeypatch, path):
    monkeypatch.setattr(consent, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr("builtins.input", partial(agree, "a-code"))
    play(server, "token", path, there)
    everything = told(lambda: chartlake("consent"))
    assert "Spotify returned no token" in everything
    assert found_in(everything) == []
    assert there.heard == []


def test_a_consent_prints_only_the_refresh_token(lake, told, monkeypatch):
    monkeypatch.setattr("builtins.input", partial(agree, "a-code"))
    assert found_in(told(lambda: chartlake("consent"))) == ["refresh token"]


def agree(code: str, prompt: str) -> str:
    state = re.findall(r"state=([\w-]+)", prompt)[0]
    return f"{consent.REDIRECT}?code={code}&state={state}"


def test_a_next_page_on_another_host_is_never_requested(lake, server, there, told):
    entry = {"added_at": None, "is_local": False, "track": {"id": "t", "name": "t"}}
    page = {"total": 2, "offset": 0, "next": f"{there.url}v1/playlists/x", "items": [entry]}
    asked = [None, Refusal(200, body=json.dumps(page).encode())] * 4
    server.refusals[str(GLOBAL.playlist_id)] = asked
    everything = told(lambda: handler(EVENT, Context()))
    assert "top50_global" in everything
    assert there.heard == []


def test_the_canary_check_finds_a_secret_that_a_library_logs(lake, server, told, monkeypatch):
    """If debug logging stays on, a secret is in the log, and is found there."""
    for module in (credentials, raw_store):
        monkeypatch.setattr(module, "keep_secrets_out_of_logs", lambda: None)
    assert "access token" in found_in(told(lambda: handler(EVENT, Context())))


@pytest.mark.parametrize("content", [ECHO, json.dumps([ECHO]), json.dumps({"client_secret": ECHO})])
def test_a_malformed_secret_is_not_printed(lake, told, monkeypatch, content):
    monkeypatch.setenv("CHARTLAKE_SECRET_ID", "a-secret")
    with mock_aws():
        boto3.client("secretsmanager").create_secret(Name="a-secret", SecretString=content)
        everything = told(lambda: handler(EVENT, Context()))
    assert "a-secret" in everything
    assert found_in(everything) == []
    # A container keeps what it has read.
    clear_caches()


@pytest.mark.parametrize("refused", [403, 500])
def test_an_aws_error_is_reported_without_the_keys(lake, told, monkeypatch, caplog, refused):
    with aws_refusing(refused) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("CHARTLAKE_RAW_ROOT", "s3://lake")
        for command in (lambda: handler(EVENT, Context()), DOCTOR, *AT_A_TERMINAL):
            # The commands have no log: what a library says at DEBUG is for who asks it to.
            caplog.set_level("WARNING" if command in AT_A_TERMINAL else "DEBUG")
            everything = told(command)
            assert re.search("InvalidAccessKeyId|cannot be|could not be", everything)
            assert found_in(everything) == []


@contextmanager
def aws_refusing(status: int) -> Iterator[str]:
    """Serve AWS's rejections of a key: S3's in XML, which repeats the key, others in JSON."""
    told = {"__type": "InvalidAccessKeyId", "message": "The key does not exist."}
    of_s3 = (
        "<Error><Code>InvalidAccessKeyId</Code><Message>The key does not exist.</Message>"
        f"<AWSAccessKeyId>{SECRETS['AWS access key']}</AWSAccessKeyId></Error>"
    ).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps(told).encode() if "X-Amz-Target" in self.headers else of_s3
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(body)

        do_GET = do_PUT = do_HEAD = do_POST  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_snow_gets_no_credentials_as_arguments(lake, told, tmp_path, monkeypatch):
    """Arguments are there to read for everybody on the machine; and `snow` fails loudly."""
    argued = tmp_path / "argued"
    snow = tmp_path / "snow"
    script = f'#!/bin/sh\nprintf "%s\\n" "$@" > {argued}\necho "no such user" >&2\nexit 1\n'
    snow.write_text(script, encoding="utf-8")
    snow.chmod(0o700)
    monkeypatch.setattr(snow_cli, "SNOW", snow)
    sql = tmp_path / "one.sql"
    sql.write_text("SELECT 1;\n", encoding="utf-8")
    everything = told(lambda: snow_cli.run_files([sql], read_environment("local")))
    assert "no such user" in everything
    assert "--enable-templating" in argued.read_text()
    assert found_in(everything + argued.read_text()) == []


def test_a_rejected_session_does_not_leak_the_password(lake, told, tmp_path, monkeypatch, caplog):
    caplog.set_level("INFO")
    with account(tmp_path / "snowflake", lambda _: "Not authorised") as snowflake:
        snowflake.connection["password"] = SECRETS["Snowflake password"]
        connect = partial(snowflake_connector.connect, **snowflake.connection)
        monkeypatch.setattr(snowflake_connector, "connect", connect)
        everything = told(lambda: chartlake("reconcile", "--env", "dev"))
    assert "Not authorised" in everything
    assert found_in(everything) == []


@pytest.mark.parametrize("environment", ["dev", "prod", "local", "nowhere"])
def test_a_plan_contains_no_secret(lake, told, environment):
    everything = told(lambda: chartlake("snowflake", "plan", environment))
    assert re.search("CREATE ROLE IF NOT EXISTS|There is no environment", everything)
    assert found_in(everything) == []
