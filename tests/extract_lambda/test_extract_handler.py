import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core.config import DefaultConfig

from chartlake.contract.chart_config import ChartsFileError, read_charts
from chartlake.spotify_stand_in.server import SpotifyServer
from chartlake.spotify_stand_in.simulated_charts import simulated_playlist, simulated_source
from extract_lambda.event import EventError
from extract_lambda.handler import ChartsFailedError, handler
from extract_lambda.raw.store import RawStoreError
from extract_lambda.settings import SettingsError
from tests.support.spotify_fixtures import GLOBAL, PHILIPPINES, WEEKLY, forget_logs

pytestmark = pytest.mark.faults

SCHEDULED = {"scheduled_at": "2026-10-11T06:00:00Z"}
MANIFEST = "raw/manifests/dt=2026-10-11/20261011T060000Z.json"
ALL = ["top50_global", "top50_philippines", "top_songs_global", "top_songs_philippines"]


@pytest.fixture(autouse=True)
def logs_of_one_test() -> Iterator[None]:
    yield
    forget_logs()


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    source = simulated_source(read_charts(Path("charts.toml")))
    shapes = {str(GLOBAL.playlist_id): "track", str(WEEKLY.playlist_id): "item"}
    with SpotifyServer(source, date(2026, 10, 11), shapes) as running:
        yield running


@pytest.fixture
def lake(server: SpotifyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty lake, and the environment of the Lambda."""
    monkeypatch.setenv("CHARTLAKE_RAW_ROOT", str(tmp_path / "lake"))
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "the-id")
    monkeypatch.setenv("SPOTIFY_CLIENT_SECRET", "the-secret")
    monkeypatch.setenv("SPOTIFY_API_URL", server.api_url)
    monkeypatch.setenv("SPOTIFY_TOKEN_URL", server.token_url)
    return tmp_path / "lake"


def files(lake: Path) -> list[Path]:
    return sorted(path for path in lake.rglob("*") if path.is_file())


def captured(lake: Path, chart_id: str) -> dict[str, Any]:
    (path,) = lake.glob(f"raw/playlists/dt=*/chart={chart_id}/*.json")
    envelope: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return envelope


def test_a_scheduled_run_captures_every_chart(lake: Path) -> None:
    assert handler(SCHEDULED, None) == {
        "run_id": "20261011T060000Z",
        "snapshot_date": "2026-10-11",
        "manifest": MANIFEST,
        "captured": ALL,
        "failed": {},
        "skipped": {},
    }
    assert len(files(lake)) == 5


def test_raw_has_the_entries_unchanged_except_for_markets(lake: Path) -> None:
    handler(SCHEDULED, None)
    chart = simulated_playlist(GLOBAL, date(2026, 10, 11))
    for entry in chart["items"]:
        if not entry["is_local"]:
            assert len(entry["track"].pop("available_markets")) == 180
            assert len(entry["track"]["album"].pop("available_markets")) == 180
    payload = captured(lake, "top50_global")["payload"]
    assert [entry for entry in payload["items"] if not entry["is_local"]] == [
        entry for entry in chart["items"] if not entry["is_local"]
    ]
    assert payload["items"][16]["is_local"] is True
    assert payload["snapshot_id"] == chart["snapshot_id"]


def test_raw_keeps_the_shape_of_each_chart(lake: Path) -> None:
    handler(SCHEDULED, None)

    def names(chart_id: str) -> set[str]:
        return {"track", "item"} & set(captured(lake, chart_id)["payload"]["items"][0])

    assert names("top50_global") == {"track"}
    assert names("top_songs_global") == {"item"}
    assert names("top50_philippines") == {"track", "item"}


@pytest.mark.fault(
    table="extraction",
    what="one event is delivered again later",
    how="the handler is called twice",
    then="nothing is requested or written, and a failure fails again",
)
def test_the_same_event_again_returns_its_manifest(lake: Path, server: SpotifyServer) -> None:
    first = handler(SCHEDULED, None)
    before, asked = files(lake), len(server.requests)
    assert handler(SCHEDULED, None) == first
    assert (files(lake), len(server.requests)) == (before, asked)


def test_a_run_with_failures_fails_after_writing_everything(
    lake: Path, server: SpotifyServer
) -> None:
    """A run with failures fails once everything is written, and again when it is repeated."""
    server.refusals[str(GLOBAL.playlist_id)] = [404]
    told = []
    for _ in range(2):
        with pytest.raises(ChartsFailedError) as caught:
            handler(SCHEDULED, None)
        told.append(str(caught.value))
        assert len(files(lake)) == 4
    first, sentence = told[0].splitlines()
    assert first == f"1 of 4 charts failed; {MANIFEST} lists what was captured."
    assert sentence.startswith("  top50_global: Spotify returned 404 for playlist 37i9dQZEVXb")
    assert told[1] == told[0]
    assert server.requests.count(f"/v1/playlists/{GLOBAL.playlist_id}") == 1


@pytest.mark.parametrize(
    ("failed", "captured", "first"),
    [
        (1, 0, "1 of 1 chart failed; m.json lists what was captured."),
        (1, 1, "1 of 2 charts failed; m.json lists what was captured."),
        (2, 0, "2 of 2 charts failed; m.json lists what was captured."),
    ],
)
def test_the_charts_that_failed_are_counted(failed: int, captured: int, first: str) -> None:
    result = {
        "manifest": "m.json",
        "failed": {f"chart_{number}": "Why." for number in range(failed)},
        "captured": ["another"] * captured,
    }
    assert str(ChartsFailedError(result)).splitlines()[0] == first


def test_a_timestamp_in_another_time_zone_names_the_same_run(lake: Path) -> None:
    result = handler({"scheduled_at": "2026-10-12T01:00:00+09:00"}, None)
    assert (result["run_id"], result["snapshot_date"]) == ("20261011T160000Z", "2026-10-11")


@pytest.mark.fault(
    table="extraction",
    what="midnight, UTC, in the middle of a run",
    how="a clock that passes it",
    then="one run, one day: that of the schedule, else of the start",
)
def test_a_run_across_midnight_belongs_to_its_scheduled_day(
    lake: Path, server: SpotifyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Begun at 23:59:59 and again, delivered twice, on the next day: one day, one run."""
    instants = [
        datetime(2026, 10, 11, 23, 59, 59, tzinfo=UTC) + timedelta(seconds=n) for n in range(99)
    ]
    left = iter(instants)
    monkeypatch.setattr("extract_lambda.timing._now", lambda: next(left))
    first = handler({}, None)
    assert (first["run_id"][:16], first["snapshot_date"]) == ("20261011T235959Z", "2026-10-11")
    envelope = captured(lake, "top50_global")
    assert (envelope["captured_at"][:10], envelope["snapshot_date"]) == ("2026-10-12", "2026-10-11")
    assert {path.parts[-3] for path in lake.rglob("chart=*/*")} == {"dt=2026-10-11"}
    late = handler({"scheduled_at": "2026-10-11T23:59:00Z"}, None)
    assert late["snapshot_date"] == "2026-10-11"
    assert handler({"scheduled_at": "2026-10-11T23:59:00Z"}, None) == late


def test_the_event_chooses_the_day_and_the_charts(lake: Path) -> None:
    result = handler({"snapshot_date": "2026-10-09", "charts": ["top_songs_global"]}, None)
    assert (result["snapshot_date"], result["captured"]) == ("2026-10-09", ["top_songs_global"])
    assert captured(lake, "top_songs_global")["snapshot_date"] == "2026-10-09"


def test_schedules_of_different_charts_are_different_runs(lake: Path) -> None:
    """Schedules of different charts at the same time are different runs."""
    daily = handler({**SCHEDULED, "charts": ["top50_philippines", "top50_global"]}, None)
    weekly = handler({**SCHEDULED, "charts": ["top_songs_global"]}, None)
    assert daily["captured"] == ["top50_global", "top50_philippines"]
    assert weekly["captured"] == ["top_songs_global"]
    assert handler({**SCHEDULED, "charts": ["top50_global", "top50_philippines"]}, None) == daily
    assert len(files(lake)) == 5


def test_without_a_schedule_a_run_is_named_after_its_start(lake: Path) -> None:
    first, second = handler({}, None), handler({}, None)
    assert first["run_id"] != second["run_id"]
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{6}", first["run_id"])
    age = datetime.now(UTC) - datetime.strptime(first["run_id"][:16], "%Y%m%dT%H%M%S%z")
    assert 0 <= age.total_seconds() < 60
    assert len(files(lake)) == 10


def test_a_chart_that_is_not_found_is_named_with_spotifys_rule(
    lake: Path, server: SpotifyServer
) -> None:
    server.refusals[str(PHILIPPINES.playlist_id)] = [404]
    with pytest.raises(ChartsFailedError, match='set source = "charts_csv"'):
        handler(SCHEDULED, None)
    manifest = json.loads((lake / MANIFEST).read_bytes())
    assert [line["status"] for line in manifest["charts"]] == [
        "captured",
        "failed",
        "captured",
        "captured",
    ]


def test_a_chart_from_imported_files_is_skipped(
    lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    charts = Path("charts.toml").read_text(encoding="utf-8")
    (tmp_path / "charts.toml").write_text(
        re.sub('source = "playlist"', 'source = "charts_csv"', charts, count=1)
    )
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(tmp_path / "charts.toml"))
    result = handler(SCHEDULED, None)
    assert result["captured"] == ALL[1:]
    assert result["skipped"]["top50_global"].startswith(
        "Its source is charts_csv, so Spotify is not queried."
    )


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ([], "The event is list, not a JSON object. Send {}."),
        (
            {"snapshot_date": "20/11/2026"},
            "snapshot_date must be a date such as 2026-11-20, not '20/11/2026'",
        ),
        (
            {"snapshot_date": 20261120},
            "snapshot_date must be a date such as 2026-11-20, not 20261120.",
        ),
        (
            {"scheduled_at": "2026-11-20T06:00:00"},
            "must be a timestamp with a time zone, such as 2026-",
        ),
        ({"scheduled_at": "0001-01-01T00:00:00+10:00"}, "must be a timestamp with a time zone"),
        ({"scheduled_at": "9999-12-31T23:59:59-12:00"}, "must be a timestamp with a time zone"),
        (
            {"snapshot_date": "0001-01-01"},
            "snapshot_date must be a date such as 2026-11-20, not '0001-01-01'",
        ),
        (
            {"scheduled_at": "<aws.scheduler.scheduled-time>"},
            "must be a timestamp with a time zone",
        ),
        ({"charts": ["top50_mars", "top50_global"]}, "charts.toml has no top50_mars. It has top50"),
        ({"charts": "top50_global"}, "charts must be a list of these ids: top50_gl"),
        ({"charts": []}, "charts must be a list of these ids: top50_global, top50_philippines"),
        ({"charts": [["top50_global"]]}, "charts.toml has no ['top50_global']. It has top50_"),
    ],
)
def test_an_invalid_event_is_rejected_before_anything_is_written(
    lake: Path, event: Any, sentence: str
) -> None:
    with pytest.raises(EventError, match=re.escape(sentence)):
        handler(event, None)
    assert not lake.exists()


def test_missing_settings_are_reported_before_anything_is_written(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPOTIFY_CLIENT_ID")
    monkeypatch.delenv("SPOTIFY_CLIENT_SECRET")
    with pytest.raises(SettingsError, match="SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET. Set them"):
        handler({}, None)
    assert not lake.exists()


def test_an_unreadable_charts_file_is_reported(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", "no/such/file.toml")
    with pytest.raises(ChartsFileError, match="no/such/file.toml cannot be read"):
        handler({}, None)
    assert not lake.exists()


def test_a_bucket_gets_the_same_files(
    lake: Path, server: SpotifyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTLAKE_RAW_ROOT", "s3://lake")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    loopback = r"http://127\.0\.0\.1:.*"
    around: DefaultConfig = {"core": {"passthrough": {"urls": [loopback]}}}
    with mock_aws(config=around):
        client = boto3.client("s3")
        client.create_bucket(Bucket="lake")
        first = handler(SCHEDULED, None)
        keys = [item["Key"] for item in client.list_objects_v2(Bucket="lake")["Contents"]]
        manifest = json.loads(client.get_object(Bucket="lake", Key=MANIFEST)["Body"].read())
        assert handler(SCHEDULED, None) == first
        assert client.list_objects_v2(Bucket="lake")["KeyCount"] == 5
    assert first["captured"] == ALL
    assert sorted(keys) == sorted([MANIFEST, *(line["key"] for line in manifest["charts"])])


def test_no_secret_reaches_the_lake_the_log_or_the_answer(
    lake: Path,
    server: SpotifyServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("spotipy", "botocore", "boto3", "urllib3"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    caplog.set_level("DEBUG")
    monkeypatch.setenv("CHARTLAKE_RAW_ROOT", "s3://lake")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the-session")
    around: DefaultConfig = {"core": {"passthrough": {"urls": [r"http://127\.0\.0\.1:.*"]}}}
    server.refusals[str(GLOBAL.playlist_id)] = [404]
    with mock_aws(config=around):
        client = boto3.client("s3")
        client.create_bucket(Bucket="lake")
        caplog.clear()
        with pytest.raises(ChartsFailedError) as caught:
            handler(SCHEDULED, None)
        told = caplog.text + str(caught.value)
        for item in client.list_objects_v2(Bucket="lake")["Contents"]:
            body = client.get_object(Bucket="lake", Key=item["Key"])["Body"].read()
            told += body.decode()
    assert "top50_global" in told
    for secret in ("the-secret", "the-session", "AWS4-HMAC", server.access_token):
        assert secret not in told


def test_a_bucket_that_does_not_exist_fails_the_run(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTLAKE_RAW_ROOT", "s3://no-such-bucket")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws(), pytest.raises(RawStoreError, match="Check that the bucket exists"):
        handler(SCHEDULED, None)
