import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chartlake.contract.chart_config import read_charts
from chartlake.spotify_stand_in import refusals
from chartlake.spotify_stand_in.server import SpotifyServer
from chartlake.spotify_stand_in.simulated_charts import simulated_source
from extract_lambda.handler import ChartsFailedError, extract, handler
from extract_lambda.logging_setup import publish_metrics
from tests.support.spotify_fixtures import (
    GLOBAL,
    PHILIPPINES,
    StoppedTime,
    forget_logs,
    settings_for,
)

EVENT = {"scheduled_at": "2026-10-11T06:00:00Z"}


class Context:
    """The context of a Lambda with 60 seconds."""

    aws_request_id = "a-request"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    with SpotifyServer(simulated_source(read_charts(Path("charts.toml"))), date(2026, 10, 11)) as s:
        yield s


@pytest.fixture
def lake(server: SpotifyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CHARTLAKE_RAW_ROOT", str(tmp_path))
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "the-id")
    monkeypatch.setenv("SPOTIFY_CLIENT_SECRET", "the-secret")
    monkeypatch.setenv("SPOTIFY_API_URL", server.api_url)
    monkeypatch.setenv("SPOTIFY_TOKEN_URL", server.token_url)
    yield tmp_path
    forget_logs()


def told(capsys: pytest.CaptureFixture[str]) -> tuple[list[Any], list[Any]]:
    """The lines of the log, and the metrics, of all that was written to stdout."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [x for x in lines if "_aws" not in x], [x for x in lines if "_aws" in x]


def test_a_run_emits_its_metrics_once(
    lake: Path, server: SpotifyServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.refusals[str(GLOBAL.playlist_id)] = [404]
    server.refusals[str(PHILIPPINES.playlist_id)] = [refusals.throttled("0")]
    for _ in range(2):
        with pytest.raises(ChartsFailedError):
            handler(EVENT, Context())
    _, (metrics,) = told(capsys)
    assert metrics["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Chartlake"
    names = ("ChartsCaptured", "ChartsFailed", "Requests", "Throttles", "Drift", "SecondsLeft")
    assert [metrics[name] for name in names] == [[3], [1], [9], [1], [0], [50]]
    assert (metrics["service"], metrics["run_id"]) == ("extract_lambda", "20261011T060000Z")


def test_an_imported_chart_is_neither_captured_nor_failed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In the metrics, an imported chart counts neither as captured nor as failed."""
    drift = {
        "new": {"track.xyz": 50},
        "missing": {},
        "unreadable": {"track.duration_ms": 3, "album.images.width": 1},
    }
    lines = [("captured", {}), ("captured", drift), ("failed", {}), ("skipped", {})]
    manifest = {
        "run_id": "20261011T060000Z",
        "requests": 7,
        "throttles": 2,
        "charts": [{"status": status, "drift": drift} for status, drift in lines],
    }
    publish_metrics(manifest, 50)
    _, (metrics,) = told(capsys)
    names = ("ChartsCaptured", "ChartsFailed", "Requests", "Throttles", "Drift", "SecondsLeft")
    assert [metrics[name] for name in names] == [[2], [1], [7], [2], [3], [50]]


def test_the_json_log_has_run_chart_attempt_and_duration(
    lake: Path, server: SpotifyServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.refusals[str(GLOBAL.playlist_id)] = [refusals.throttled("0")]
    handler({**EVENT, "charts": ["top50_global"]}, Context())
    (again, captured), _ = told(capsys)
    assert (again["level"], again["chart_id"], again["attempt"]) == ("WARNING", "top50_global", 1)
    assert again["message"].startswith("chart top50_global: retrying in 0.0 s: Spotify returned")
    assert (captured["chart_id"], captured["attempts"]) == ("top50_global", 2)
    assert captured["seconds"] >= 0
    assert {line["run_id"][:16] for line in (again, captured)} == {"20261011T060000Z"}
    assert {line["request_id"] for line in (again, captured)} == {"a-request"}


def test_a_plain_call_of_extract_logs_nothing_and_emits_no_metrics(
    server: SpotifyServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(server, raw_root=str(tmp_path), charts_file=Path("charts.toml"))
    assert len(extract(EVENT, settings, StoppedTime().timing)["captured"]) == 4
    assert capsys.readouterr().out == ""
