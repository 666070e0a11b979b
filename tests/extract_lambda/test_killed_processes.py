"""Real processes, killed at each write or started twice: raw is intact and the next run recovers.

A raw file is written beside its place, linked into it (os.link), and its first name removed
(os.remove): before the n-th link there are n - 1 files in place, before the n-th removal n.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Barrier, Semaphore
from typing import Any

import pytest

from chartlake.contract.chart_config import Chart, read_charts
from chartlake.spotify_stand_in.server import SpotifyServer
from chartlake.spotify_stand_in.simulated_charts import simulated_source
from extract_lambda.handler import extract
from extract_lambda.raw.documents import payload_sha256
from extract_lambda.timing import read_timing
from tests.support.chart_file_builders import CHARTS_FILE, NEW
from tests.support.command import chartlake
from tests.support.spotify_fixtures import GLOBAL, settings_for

pytestmark = pytest.mark.faults

CHARTS: tuple[Chart, ...] = read_charts(Path("charts.toml"))
EVENT = {"scheduled_at": "2026-11-20T06:00:00Z"}
MANIFEST = "raw/manifests/dt=2026-11-20/20261120T060000Z.json"
Files = dict[str, bytes]


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    with SpotifyServer(simulated_source(CHARTS), date(2026, 11, 20)) as running:
        yield running


def start(call: str, number: int, go: Path, *arguments: str, **env: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.support.dying_process", call, str(number), str(go)]
    return subprocess.Popen(
        [*command, *arguments],
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def lambda_environment(server: SpotifyServer, lake: Path) -> dict[str, str]:
    return {
        "CHARTLAKE_RAW_ROOT": str(lake),
        "SPOTIFY_CLIENT_ID": "the-id",
        "SPOTIFY_CLIENT_SECRET": "the-secret",
        "SPOTIFY_API_URL": server.api_url,
        "SPOTIFY_TOKEN_URL": server.token_url,
    }


def raw(lake: Path) -> Files:
    """The files that readers of raw see, each of which must be complete."""
    found = {
        str(path.relative_to(lake)): path.read_bytes()
        for path in lake.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    for key, content in found.items():
        if key.startswith("raw/playlists/"):
            envelope = json.loads(content)
            assert payload_sha256(envelope["payload"]) == envelope["payload_sha256"]
    return found


def charts_of(files: Files) -> list[str]:
    return [key.split("/")[3].removeprefix("chart=") for key in files if "playlists" in key]


def keep_until_both_have_asked(server: SpotifyServer) -> None:
    """Respond to the first requests for a chart once two processes have sent them."""
    both, whole, first = Barrier(2, timeout=60), server.source, Semaphore(2)

    def source(playlist_id: str, today: date) -> dict[str, Any] | None:
        if playlist_id == GLOBAL.playlist_id and first.acquire(blocking=False):
            both.wait()
        return whole(playlist_id, today)

    server.source = source


def answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    told, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    result: dict[str, Any] = json.loads(told.splitlines()[-1])
    return result


@pytest.mark.fault(
    table="extraction",
    what="the Lambda is killed",
    how=(
        "a process with the real handler gets SIGKILL before and after each of its five writes is "
        "renamed"
    ),
    then=(
        "complete files, the manifest last or not at all; the same event again captures "
        "everything and overwrites nothing"
    ),
    cases=10,
)
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("call", ["os.link", "os.remove"])
def test_a_lambda_killed_at_any_write_leaves_complete_files_and_recovers(
    server: SpotifyServer, tmp_path: Path, call: str, number: int
) -> None:
    lake = tmp_path / "lake"
    environment = lambda_environment(server, lake)
    killed = start(call, number, Path("charts.toml"), "extract", json.dumps(EVENT), **environment)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    left = raw(lake)
    assert len(left) == number - (call == "os.link")
    assert (MANIFEST in left) is (len(left) == 5)
    settings = settings_for(server, raw_root=str(lake), charts_file=Path("charts.toml"))
    assert len(extract(EVENT, settings, read_timing(None))["captured"]) == 4
    healed = raw(lake)
    assert left.items() <= healed.items()
    lines = json.loads(healed[MANIFEST])["charts"]
    assert {line["key"] for line in lines} <= healed.keys()
    # What the dead run kept is kept beside: nothing in raw is ever replaced.
    assert len(charts_of(healed)) == 4 + len(charts_of(left)) * (MANIFEST not in left)


@pytest.mark.fault(
    table="extraction",
    what="one event is delivered twice at once",
    how="two processes start simultaneously",
    then="one manifest, one answer",
)
def test_one_event_in_two_processes_gives_one_manifest(
    server: SpotifyServer, tmp_path: Path
) -> None:
    """One event in two processes at once gives one manifest and one answer."""
    lake, go = tmp_path / "lake", tmp_path / "go"
    environment = lambda_environment(server, lake)
    keep_until_both_have_asked(server)
    event = json.dumps(EVENT)
    both = [start("never", 0, go, "extract", event, **environment) for _ in range(2)]
    go.touch()
    first, second = map(answer, both)
    assert first == second
    assert len(first["captured"]) == 4
    files = raw(lake)
    assert [key for key in files if "manifests" in key] == [MANIFEST]
    assert {line["key"] for line in json.loads(files[MANIFEST])["charts"]} <= files.keys()


@pytest.mark.fault(
    table="extraction",
    what="two runs capture the same charts at once",
    how="two processes start simultaneously",
    then="two captures of each chart, two manifests",
)
def test_two_concurrent_runs_capture_each_chart_twice(
    server: SpotifyServer, tmp_path: Path
) -> None:
    lake, go = tmp_path / "lake", tmp_path / "go"
    environment = lambda_environment(server, lake)
    keep_until_both_have_asked(server)
    event = '{"snapshot_date": "2026-11-20"}'
    both = [start("never", 0, go, "extract", event, **environment) for _ in range(2)]
    go.touch()
    first, second = map(answer, both)
    assert first["manifest"] != second["manifest"]
    files = raw(lake)
    keys = [
        {line["key"] for line in json.loads(files[run["manifest"]])["charts"]}
        for run in (first, second)
    ]
    assert len(keys[0] | keys[1]) == 8
    assert keys[0] | keys[1] | {first["manifest"], second["manifest"]} == files.keys()


NAMES = [f"regional-us-daily-2026-10-0{number}.csv" for number in (1, 2, 3)]


@pytest.mark.fault(
    table="extraction",
    what="a manual import is killed",
    how=(
        "a process that imports three files gets SIGKILL before and after each of its four writes "
        "is renamed"
    ),
    then="complete files; the same import with `--again` lists all of them",
    cases=8,
)
@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("call", ["os.link", "os.remove"])
def test_an_import_killed_at_any_write_recovers_with_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    """An import killed at any write leaves complete files; --again lists all of them."""
    lake, downloads = tmp_path / "lake", tmp_path / "downloads"
    downloads.mkdir()
    for name in NAMES:
        (downloads / name).write_text(NEW, encoding="utf-8")
    charts_file = tmp_path / "charts.toml"
    charts_file.write_text(CHARTS_FILE, encoding="utf-8")
    given = ["--raw", str(lake), *(str(downloads / name) for name in NAMES)]
    environment = {"CHARTLAKE_CHARTS_FILE": str(charts_file)}
    killed = start(call, number, charts_file, "import", *given, **environment)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    left = raw(lake)
    assert len(left) == number - (call == "os.link")
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(charts_file))
    assert chartlake("import", "--again", *given) == 0
    healed = raw(lake)
    assert left.items() <= healed.items()
    kept = {key: content for key, content in healed.items() if "charts_csv" in key}
    assert [key.split("/")[-1] for key in sorted(kept)] == NAMES
    assert set(kept.values()) == {NEW.encode()}
    newest = json.loads(healed[max(key for key in healed if "manifests" in key)])
    assert [line["status"] for line in newest["charts"]] == ["captured"] * 3
