import json
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from chartlake.spotify_stand_in.server import SpotifyServer
from extract_lambda.capture import Run, capture_charts
from extract_lambda.raw.documents import payload_sha256
from extract_lambda.raw.store import FolderStore, RawStore, RawStoreError
from extract_lambda.spotify.auth import Logins
from tests.support.spotify_fixtures import (
    GLOBAL,
    PHILIPPINES,
    StoppedTime,
    settings_for,
    small_source,
)

RUN = Run("20261120T060000Z", date(2026, 11, 20), (GLOBAL, PHILIPPINES))
MANIFEST = "raw/manifests/dt=2026-11-20/20261120T060000Z.json"


class RecordingStore(FolderStore):
    """A real folder that records the order of its keys, and rejects those that contain a word."""

    def __init__(self, root: Path, refused: str = "nothing") -> None:
        super().__init__(root)
        self.keys: list[str] = []
        self.refused = refused

    def write(self, key: str, content: bytes) -> None:
        if self.refused in key:
            raise RawStoreError(f"{key} cannot be written: the disk is full.")
        self.keys.append(key)
        super().write(key, content)


def capture(store: RawStore, sizes: dict[str, int], run: Run = RUN) -> tuple[dict[str, Any], str]:
    """Capture from a stand-in with charts of these sizes; the manifest and the API's address."""
    playlists = {chart.chart_id: str(chart.playlist_id) for chart in (GLOBAL, PHILIPPINES)}
    source = small_source({playlists[chart_id]: size for chart_id, size in sizes.items()})
    with SpotifyServer(source, date(2026, 11, 20)) as server:
        logins = Logins(settings_for(server))
        return capture_charts(run, logins, store, StoppedTime().timing), server.api_url


def test_the_envelope_records_the_request_its_time_and_the_chart(tmp_path: Path) -> None:
    _, api_url = capture(FolderStore(tmp_path), {"top50_global": 120, "top50_philippines": 2})
    folder = tmp_path / "raw/playlists/dt=2026-11-20/chart=top50_global"
    content = (folder / "20261120T060001000000Z.json").read_text(encoding="utf-8")
    envelope = json.loads(content)
    payload = envelope.pop("payload")
    assert content.count("\n") == 1
    assert len(payload["items"]) == 120
    assert envelope == {
        "schema_version": 1,
        "run_id": "20261120T060000Z",
        "chart": {
            "chart_id": "top50_global",
            "name": "Top 50 - Global",
            "market": "global",
            "source": "playlist",
            "cadence": "daily",
            "expected_size": 50,
            "tolerance": 5,
            "playlist_id": "37i9dQZEVXbMDoHDwVN2tF",
            "login": "app",
            "expects_change": True,
            "days_behind": None,
        },
        "snapshot_date": "2026-11-20",
        "captured_at": "2026-11-20T06:00:01.000000Z",
        "request": {
            "url": f"{api_url}playlists/37i9dQZEVXbMDoHDwVN2tF/items",
            "fields": "total,offset,next,items(added_at,added_by,is_local,primary_color,"
            "video_thumbnail,track(!available_markets),track(album(!available_markets)),"
            "item(!available_markets),item(album(!available_markets)))",
            "pages": 3,
            "client": f"spotipy/{version('spotipy')}",
        },
        "payload_sha256": sha256(
            json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        ).hexdigest(),
    }


def test_the_hash_covers_the_sorted_payload_in_utf_8() -> None:
    expected = sha256('{"id":1,"name":"겨울 우주"}'.encode()).hexdigest()
    assert payload_sha256({"name": "겨울 우주", "id": 1}) == expected


def test_the_manifest_is_written_last_and_names_every_capture(tmp_path: Path) -> None:
    store = RecordingStore(tmp_path)
    manifest, _ = capture(store, {"top50_global": 3, "top50_philippines": 2})
    folder = "raw/playlists/dt=2026-11-20"
    captures = [
        f"{folder}/chart=top50_global/20261120T060001000000Z.json",
        f"{folder}/chart=top50_philippines/20261120T060001000000Z.json",
    ]
    assert [*sorted(store.keys[:2]), *store.keys[2:]] == [*captures, MANIFEST]
    assert json.loads((tmp_path / MANIFEST).read_bytes()) == manifest
    hashes = [line.pop("payload_sha256") for line in manifest["charts"]]
    drifts = [line.pop("drift")["missing"]["track.type"] for line in manifest["charts"]]
    assert drifts == [3, 2]
    assert [len(digest) for digest in hashes] == [64, 64]
    assert manifest == {
        "schema_version": 1,
        "run_id": "20261120T060000Z",
        "snapshot_date": "2026-11-20",
        "started_at": "2026-11-20T06:00:01.000000Z",
        "finished_at": "2026-11-20T06:00:01.000000Z",
        "requests": 5,
        "throttles": 0,
        "charts": [
            {
                "chart_id": "top50_global",
                "status": "captured",
                "key": captures[0],
                "entries": 3,
                "error": None,
            },
            {
                "chart_id": "top50_philippines",
                "status": "captured",
                "key": captures[1],
                "entries": 2,
                "error": None,
            },
        ],
    }


def test_a_run_that_cannot_write_its_manifest_fails_and_keeps_captures(tmp_path: Path) -> None:
    store = RecordingStore(tmp_path, refused="manifests")
    with pytest.raises(RawStoreError, match="20261120T060000Z.json cannot be written"):
        capture(store, {"top50_global": 3, "top50_philippines": 2})
    assert sorted(key.split("/")[3] for key in store.keys) == [
        "chart=top50_global",
        "chart=top50_philippines",
    ]


def test_a_chart_that_is_not_found_does_not_affect_the_others(tmp_path: Path) -> None:
    manifest, _ = capture(FolderStore(tmp_path), {"top50_philippines": 2})
    failed, captured = manifest["charts"]
    assert "Since 2024-11-27 a new app cannot read" in failed.pop("error")
    assert failed == {
        "chart_id": "top50_global",
        "status": "failed",
        "key": None,
        "entries": None,
        "payload_sha256": None,
        "drift": {},
    }
    assert (captured["status"], captured["entries"]) == ("captured", 2)


def test_a_chart_that_cannot_be_stored_does_not_affect_the_others(tmp_path: Path) -> None:
    store = RecordingStore(tmp_path, refused="chart=top50_global")
    manifest, _ = capture(store, {"top50_global": 3, "top50_philippines": 2})
    failed, captured = manifest["charts"]
    assert (failed["status"], failed["key"]) == ("failed", None)
    assert failed["error"].endswith("cannot be written: the disk is full.")
    assert captured["status"] == "captured"


def test_a_log_line_reports_the_result_of_each_chart(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    capture(FolderStore(tmp_path), {"top50_philippines": 2})
    told = sorted((record.getMessage(), vars(record)) for record in caplog.records)
    failed, captured, drifted = told
    assert failed[0].startswith("chart top50_global failed: Spotify returned 404")
    assert captured[0] == "chart top50_philippines: captured"
    known = ("run_id", "chart_id", "attempts", "entries", "seconds")
    assert [captured[1][name] for name in known] == [RUN.run_id, "top50_philippines", 1, 2, 0.0]
    assert drifted[0].startswith(
        "chart top50_philippines: the API drifted: missing album.album_type (2 times), "
    )
