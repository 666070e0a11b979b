"""The same run twice, at once or after a crash: raw is intact and nothing is overwritten."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

from chartlake.contract.chart_config import Chart, read_charts
from chartlake.spotify_stand_in import refusals
from chartlake.spotify_stand_in.server import SpotifyServer
from chartlake.spotify_stand_in.simulated_charts import simulated_source
from extract_lambda import capture, handler
from extract_lambda.handler import extract
from extract_lambda.raw.documents import payload_sha256
from extract_lambda.raw.store import FolderStore, RawStore
from extract_lambda.timing import read_timing
from tests.support.spotify_fixtures import GLOBAL, StoppedTime, settings_for

pytestmark = pytest.mark.faults

EVENT = {"scheduled_at": "2026-11-20T06:00:00Z"}
CHARTS: tuple[Chart, ...] = read_charts(Path("charts.toml"))


class Crash(BaseException):
    """A crash of the process in the middle of its work."""


class CrashingStore(FolderStore):
    """A real folder whose process dies after a number of writes."""

    def __init__(self, root: Path, writes: int) -> None:
        super().__init__(root)
        self.writes = writes

    def write(self, key: str, content: bytes) -> None:
        if self.writes == 0:
            raise Crash
        self.writes -= 1
        super().write(key, content)


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    with SpotifyServer(simulated_source(CHARTS), date(2026, 11, 20)) as running:
        yield running


@pytest.fixture
def run(server: SpotifyServer, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    settings = settings_for(server, raw_root=str(tmp_path), charts_file=Path("charts.toml"))

    def once(timing: Any = None) -> dict[str, Any]:
        return extract(EVENT, settings, timing or StoppedTime().timing)

    return once


def contents(lake: Path) -> dict[str, bytes]:
    """Every file of the lake, each of which must be readable and complete."""
    found = {str(path): path.read_bytes() for path in lake.rglob("*") if path.is_file()}
    for content in found.values():
        document = json.loads(content)
        if "payload" in document:
            assert payload_sha256(document["payload"]) == document["payload_sha256"]
    return found


def test_a_run_that_died_between_two_charts_is_repeated(
    run: Callable[..., dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "open_store", lambda _: CrashingStore(tmp_path, writes=1))
    with pytest.raises(Crash):
        run()
    left = contents(tmp_path)
    assert (len(left), "manifest" in "".join(left)) == (1, False)
    monkeypatch.undo()
    assert len(run()["captured"]) == 4
    after = contents(tmp_path)
    assert len(after) == 5
    assert left.items() <= after.items()


@pytest.mark.fault(
    table="extraction",
    what="a dead run is repeated after the chart has changed",
    how="the process exits after four writes, the stand-in advances by a week",
    then="what was written is kept",
)
def test_a_repeated_run_keeps_the_captures_of_a_dead_one(
    run: Callable[..., dict[str, Any]],
    server: SpotifyServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A chart that changed meanwhile does not replace what a dead run wrote."""
    monkeypatch.setattr(handler, "open_store", lambda _: CrashingStore(tmp_path, writes=4))
    with pytest.raises(Crash):
        run()
    monkeypatch.undo()
    left = contents(tmp_path)
    server.today = date(2026, 11, 28)
    failed = run()["failed"]
    assert all("already exists, and raw files are never replaced" in why for why in failed.values())
    assert len(failed) == 4
    assert left.items() <= contents(tmp_path).items()


def test_two_simultaneous_deliveries_share_one_manifest(
    run: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(run, read_timing(None)) for _ in range(2)]
        first, second = (result.result() for result in both)
    assert first == second
    assert len(first["captured"]) == 4
    found = contents(tmp_path)
    assert sum("manifests" in name for name in found) == 1
    assert len(found) in (5, 6, 7, 8, 9)


def test_the_second_delivery_returns_the_first_ones_manifest(
    run: Callable[..., dict[str, Any]],
    server: SpotifyServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class LateStore(FolderStore):
        """A folder in which another run of the same name finishes during this one."""

        def write(self, key: str, content: bytes) -> None:
            if "manifests" in key:
                monkeypatch.undo()
                run(read_timing(None))
            super().write(key, content)

    def open_late(_: str) -> RawStore:
        return LateStore(tmp_path)

    server.refusals[str(GLOBAL.playlist_id)] = [404]
    monkeypatch.setattr(handler, "open_store", open_late)
    result = run()
    assert len(result["captured"]) == 4
    assert len(contents(tmp_path)) == 8


def test_an_internal_error_in_one_chart_does_not_affect_the_others(
    run: Callable[..., dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BrokenStore(FolderStore):
        def write(self, key: str, content: bytes) -> None:
            if "top50_global" in key:
                raise ZeroDivisionError
            super().write(key, content)

    monkeypatch.setattr(handler, "open_store", lambda _: BrokenStore(tmp_path))
    result = run()
    assert list(result["failed"]) == ["top50_global"]
    assert result["failed"]["top50_global"].startswith("Internal error (ZeroDivision")
    assert len(contents(tmp_path)) == 4


@pytest.mark.fault(
    table="extraction",
    what="time runs out with charts left",
    how="a response takes longer than the run has",
    then="the manifest is written, and names the late chart",
)
def test_a_chart_that_outlasts_the_run_is_skipped_and_named(
    run: Callable[..., dict[str, Any]], server: SpotifyServer, tmp_path: Path
) -> None:
    """A chart that outlasts the run is skipped, and the manifest names it."""
    server.refusals[str(GLOBAL.playlist_id)] = [refusals.slow(60)]
    end = monotonic() + 0.5
    timing = replace(read_timing(None), seconds_left=lambda: end - monotonic())
    result = run(timing)
    assert list(result["failed"]) == ["top50_global"]
    assert "did not respond in time for playlist" in result["failed"]["top50_global"]
    assert monotonic() < end + 5
    assert len(contents(tmp_path)) == 4


@pytest.mark.fault(
    table="extraction",
    what="time runs out while raw is slow",
    how="a write waits for the manifest",
    then="the manifest is written, and names the late chart",
)
def test_a_slow_store_does_not_delay_the_manifest(
    run: Callable[..., dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest_is_there = Event()

    class SlowStore(FolderStore):
        def write(self, key: str, content: bytes) -> None:
            if "top50_global" in key:
                assert manifest_is_there.wait(30)
            super().write(key, content)
            if "manifests" in key:
                manifest_is_there.set()

    monkeypatch.setattr(handler, "open_store", lambda _: SlowStore(tmp_path))
    monkeypatch.setattr(capture, "GRACE_SECONDS", 0.5)
    time = StoppedTime(seconds_left=1)
    result = run(time.timing)
    assert result["failed"] == {"top50_global": capture.LATE}
    assert len(result["captured"]) == 3
