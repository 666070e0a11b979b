import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chartlake.spotify.doctor import Finding, conclusion, examine
from chartlake.spotify_stand_in import refusals
from chartlake.spotify_stand_in.server import SpotifyServer
from tests.support.command import CHARTLAKE
from tests.support.spotify_fixtures import GLOBAL, PHILIPPINES, WEEKLY, small_source

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
CHARTS = f"""
[charts.top50_global]
name = "Top 50 - Global"
market = "global"
source = "playlist"
playlist_id = "{GLOBAL.playlist_id}"
cadence = "daily"
expected_size = 50
tolerance = 5

[charts.mine]
name = "Mine"
market = "ph"
source = "playlist"
login = "user"
playlist_id = "{PHILIPPINES.playlist_id}"
cadence = "daily"
expected_size = 50
tolerance = 5

[charts.loaded]
name = "Loaded"
market = "us"
source = "charts_csv"
cadence = "daily"
expected_size = 200
tolerance = 5
"""


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    sizes = {str(GLOBAL.playlist_id): 50, str(PHILIPPINES.playlist_id): 20}
    with SpotifyServer(small_source(sizes), date(2026, 11, 20)) as running:
        running.refresh_tokens = {"consent"}
        yield running


@pytest.fixture
def environ(server: SpotifyServer, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "charts.toml").write_text(CHARTS)
    return {
        "CHARTLAKE_CHARTS_FILE": str(tmp_path / "charts.toml"),
        "CHARTLAKE_RAW_ROOT": str(tmp_path / "lake"),
        "SPOTIFY_CLIENT_ID": "the-id",
        "SPOTIFY_CLIENT_SECRET": "the-secret",
        "SPOTIFY_REFRESH_TOKEN": "consent",
        "SPOTIFY_API_URL": server.api_url,
        "SPOTIFY_TOKEN_URL": server.token_url,
    }


def findings(environ: dict[str, str]) -> dict[str, Finding]:
    return {finding.about: finding for finding in examine(environ, lambda: NOW)}


def failed(found: dict[str, Finding]) -> list[str]:
    return [about for about, finding in found.items() if not finding.is_ok]


def test_checks_run_in_the_order_in_which_a_run_needs_them(
    environ: dict[str, str], server: SpotifyServer
) -> None:
    root = environ["CHARTLAKE_RAW_ROOT"]
    assert {about: finding.told for about, finding in findings(environ).items()} == {
        "charts": f"3 in {environ['CHARTLAKE_CHARTS_FILE']}",
        "settings": f"Spotify is queried at {server.api_url}",
        "credentials": "from the environment, with a refresh token",
        "token (app)": "Spotify returned one",
        "top50_global": f"playlist {GLOBAL.playlist_id} has 50 entries",
        "token (user)": "Spotify returned one",
        "mine": f"playlist {PHILIPPINES.playlist_id} has 20 entries",
        "loaded": "its files are imported; Spotify is not queried",
        "raw root": f"wrote and read {root}/raw/doctor/20261120T060000000000Z",
    }
    assert len(server.requests) == 4
    assert Path(root, "raw/doctor/20261120T060000000000Z").exists()


def test_a_rejected_token_fails_only_its_own_charts(environ: dict[str, str]) -> None:
    found = findings({**environ, "SPOTIFY_REFRESH_TOKEN": "old consent"})
    assert failed(found) == ["token (user)"]
    assert "a refresh token expires six months after consent" in found["token (user)"].told
    assert "mine" not in found
    assert found["top50_global"].is_ok


def test_an_unreadable_chart_says_what_to_use_instead(
    environ: dict[str, str], server: SpotifyServer
) -> None:
    server.refusals[str(GLOBAL.playlist_id)] = [404]
    server.refusals[str(PHILIPPINES.playlist_id)] = [refusals.NO_PREMIUM]
    found = findings(environ)
    assert failed(found) == ["top50_global", "mine"]
    assert 'set source = "charts_csv"' in found["top50_global"].told
    assert "Renew the subscription" in found["mine"].told


def test_an_empty_chart_needs_attention(environ: dict[str, str], tmp_path: Path) -> None:
    text = CHARTS.replace(str(GLOBAL.playlist_id), str(WEEKLY.playlist_id))
    (tmp_path / "charts.toml").write_text(text)
    with SpotifyServer(small_source({str(WEEKLY.playlist_id): 0}), date(2026, 11, 20)) as server:
        addresses = {"SPOTIFY_API_URL": server.api_url, "SPOTIFY_TOKEN_URL": server.token_url}
        told = findings({**environ, **addresses})["top50_global"].told
    assert told == (
        f"playlist {WEEKLY.playlist_id} has 0 entries. Check its playlist_id in charts.toml."
    )


def test_without_settings_the_other_checks_still_run(environ: dict[str, str]) -> None:
    del environ["SPOTIFY_CLIENT_ID"], environ["SPOTIFY_CLIENT_SECRET"]
    found = findings(environ)
    assert failed(found) == ["settings"]
    assert "SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET. Set them" in found["settings"].told
    assert found["raw root"].is_ok


def test_an_invalid_charts_file_does_not_hide_the_raw_root(
    environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "charts.toml").write_text("")
    (tmp_path / "lake").write_text("a file where the lake should be")
    found = findings(environ)
    assert failed(found) == ["charts", "raw root"]
    assert "cannot be written" in found["raw root"].told


def test_missing_settings_are_all_reported_at_once() -> None:
    found = findings({})
    assert failed(found) == ["settings", "raw root"]
    assert found["raw root"].told.startswith("CHARTLAKE_RAW_ROOT is not set. Set it to s3://bucket")


@pytest.mark.parametrize(("secret", "code"), [("the-secret", 0), ("", 1)])
def test_each_check_prints_a_line_and_failures_set_the_exit_code(
    environ: dict[str, str], secret: str, code: int
) -> None:
    told = subprocess.run(
        [*CHARTLAKE, "doctor"],
        cwd=ROOT,
        env={**os.environ, **environ, "SPOTIFY_CLIENT_SECRET": secret},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == code, told.stderr
    lines = told.stdout.splitlines()
    assert lines[0].startswith("ok    charts                  3 in ")
    assert lines[1].startswith("FAIL  settings" if code else "ok    settings")
    assert lines[-1] == ("1 check failed." if code else "A run can capture every chart.")
    assert "the-secret" not in told.stdout


@pytest.mark.parametrize(("size", "held"), [(1, "has 1 entry"), (2, "has 2 entries")])
def test_the_entries_of_a_playlist_are_counted(
    environ: dict[str, str], server: SpotifyServer, size: int, held: str
) -> None:
    with SpotifyServer(small_source({str(GLOBAL.playlist_id): size}), date(2026, 11, 20)) as other:
        addresses = {"SPOTIFY_API_URL": other.api_url, "SPOTIFY_TOKEN_URL": other.token_url}
        told = findings({**environ, **addresses})["top50_global"].told
    assert told == f"playlist {GLOBAL.playlist_id} {held}"


@pytest.mark.parametrize(
    ("failed_checks", "sentence"),
    [
        (0, "A run can capture every chart."),
        (1, "1 check failed."),
        (2, "2 checks failed."),
    ],
)
def test_the_failed_checks_are_counted(failed_checks: int, sentence: str) -> None:
    assert conclusion(failed_checks) == sentence
