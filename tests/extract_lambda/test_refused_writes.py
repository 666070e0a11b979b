"""Rejected writes: one error message, no partial file, and the next run has what is missing.

The disk's errors are the kernel's own (a limit on a file's size, RLIMIT_FSIZE, which fails in the
middle of a write as a full disk does); the bucket's come over HTTP to the real client.
"""

import json
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chartlake.spotify_stand_in.server import SpotifyServer
from extract_lambda.handler import extract
from extract_lambda.raw.store import RawFileExistsError, RawStoreError, open_store
from extract_lambda.timing import read_timing
from tests.support import breaking_server as wire
from tests.support.breaking_server import Answer, Asked, BreakingServer, Fault
from tests.support.spotify_fixtures import GLOBAL, PHILIPPINES, settings_for, small_source

pytestmark = pytest.mark.faults

EVENT = {"scheduled_at": "2026-11-20T06:00:00Z"}
MANIFEST = "raw/manifests/dt=2026-11-20/20261120T060000Z.json"
LARGE, SMALL = "top50_global", "top50_philippines"


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    sizes = {str(GLOBAL.playlist_id): 400, str(PHILIPPINES.playlist_id): 2}
    with SpotifyServer(small_source(sizes), date(2026, 11, 20)) as running:
        yield running


@pytest.fixture
def charts_file(tmp_path: Path) -> Path:
    """Two charts, one of them large."""
    path = tmp_path / "charts.toml"
    entries = [
        f'[charts.{chart.chart_id}]\nname = "Top"\nmarket = "{chart.market}"\nsource = "playlist"\n'
        f'playlist_id = "{chart.playlist_id}"\ncadence = "daily"\nexpected_size = 2\n'
        "tolerance = 0\n"
        for chart in (GLOBAL, PHILIPPINES)
    ]
    path.write_text("\n".join(entries), encoding="utf-8")
    return path


def run(server: SpotifyServer, charts_file: Path, root: str, event: Any = EVENT) -> dict[str, Any]:
    settings = settings_for(server, raw_root=root, charts_file=charts_file)
    return extract(event, settings, read_timing(None))


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond a number of bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(lake: Path) -> list[str]:
    return sorted(path.parent.name for path in lake.rglob("*") if path.is_file())


@pytest.mark.fault(
    table="extraction",
    what="the disk rejects a chart",
    how="a file size limit (RLIMIT_FSIZE), which interrupts a write as a full disk does",
    then="no partial file; the other charts and the manifest exist; the next run has the chart",
)
def test_a_disk_that_rejects_one_chart_is_reported_and_recovers(
    server: SpotifyServer, charts_file: Path, tmp_path: Path
) -> None:
    """A chart that the disk rejects is reported, and the next run has it."""
    lake = tmp_path / "lake"
    with room_for(10_000):
        result = run(server, charts_file, str(lake))
    assert result["captured"] == [SMALL]
    (reason,) = result["failed"].values()
    assert reason.startswith(f"{lake}/raw/playlists/dt=2026-11-20/chart={LARGE}/")
    assert reason.endswith(
        "cannot be written: [Errno 27] File too large. Check the disk and its permissions."
    )
    assert names(lake) == [f"chart={SMALL}", "dt=2026-11-20"]
    again = run(server, charts_file, str(lake), {"snapshot_date": "2026-11-20"})
    assert again["captured"] == [LARGE, SMALL]


@pytest.mark.fault(
    table="extraction",
    what="the disk rejects everything",
    how="a file size limit of 100 bytes (RLIMIT_FSIZE)",
    then=(
        "nothing is left, and there is one error message; the same event again captures everything"
    ),
)
def test_a_disk_that_rejects_everything_leaves_no_manifest(
    server: SpotifyServer, charts_file: Path, tmp_path: Path
) -> None:
    """Nothing is left of the run, and the same event again captures everything."""
    lake = tmp_path / "lake"
    with room_for(100), pytest.raises(RawStoreError) as caught:
        run(server, charts_file, str(lake))
    assert str(caught.value) == (
        f"{lake}/{MANIFEST} cannot be written: [Errno 27] File too large. "
        "Check the disk and its permissions."
    )
    assert names(lake) == []
    assert run(server, charts_file, str(lake))["captured"] == [LARGE, SMALL]
    assert names(lake) == [f"chart={LARGE}", f"chart={SMALL}", "dt=2026-11-20"]


class Bucket:
    """A bucket over HTTP with write-once objects; the server injects its faults."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def answer(self, asked: Asked) -> Answer:
        key = asked.path.removeprefix("/lake/").partition("?")[0].replace("%3D", "=")
        if asked.method == "GET":
            held = self.objects.get(key)
            return xml_error(404, "NoSuchKey") if held is None else Answer(200, held)
        if key in self.objects:
            return xml_error(412, "PreconditionFailed")
        self.objects[key] = unframed(asked)
        return Answer(200, b"", {"ETag": '"0"'})


def unframed(asked: Asked) -> bytes:
    """Join the body from the chunks in which boto3 sends it."""
    if asked.headers.get("Content-Encoding") != "aws-chunked":
        return asked.body
    found, rest = b"", asked.body
    while size := int(rest.partition(b"\r\n")[0].partition(b";")[0], 16):
        rest = rest.partition(b"\r\n")[2]
        found, rest = found + rest[:size], rest[size + 2 :]
    return found


def xml_error(status: int, code: str) -> Answer:
    body = f"<Error><Code>{code}</Code><Message>Told</Message></Error>"
    return Answer(status, body.encode(), {"Content-Type": "application/xml"})


def refused(status: int, code: str) -> Fault:
    return lambda connection, _: connection.sendall(xml_error(status, code).wire())


def lost(connection: Any, answer: Callable[[], Answer]) -> None:
    """Handle the request and lose the response."""
    answer()
    connection.sendall(xml_error(500, "InternalError").wire())


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[BreakingServer, Bucket]]:
    held = Bucket()
    with BreakingServer(held.answer) as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", running.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the-key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-secret-key")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        # Between its tries botocore waits for seconds.
        monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
        yield running, held


PASSING = {
    "slow down": refused(503, "SlowDown"),
    "internal error": refused(500, "InternalError"),
    "reset": wire.reset,
    "another writer": refused(409, "ConditionalRequestConflict"),
}


@pytest.mark.fault(
    table="extraction",
    what="S3 is busy: 503 SlowDown, 500, a reset, 409 from another writer",
    how="HTTP, to the real client, twice",
    then="nothing is lost",
    cases=8,
)
@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
@pytest.mark.parametrize("part", ["chart%3Dtop50_global", "raw/manifests"])
def test_a_bucket_that_is_briefly_busy_loses_nothing(
    server: SpotifyServer,
    charts_file: Path,
    bucket: tuple[BreakingServer, Bucket],
    part: str,
    fault: Fault,
) -> None:
    faulty, held = bucket
    reads_first = [None] if "manifests" in part else []
    faulty.faults[part] = [*reads_first, fault, fault]
    assert run(server, charts_file, "s3://lake")["captured"] == [LARGE, SMALL]
    manifest = json.loads(held.objects[MANIFEST])
    assert {line["key"] for line in manifest["charts"]} | {MANIFEST} == held.objects.keys()


@pytest.mark.fault(
    table="extraction",
    what="S3 rejects a chart: 503, 403 AccessDenied, 500",
    how="HTTP, on every attempt",
    then="the manifest names the chart, no credential is leaked; the next run has the chart",
    cases=3,
)
@pytest.mark.parametrize(
    "fault",
    [refused(503, "SlowDown"), refused(403, "AccessDenied"), refused(500, "InternalError")],
    ids=["slow down", "access denied", "internal error"],
)
def test_a_bucket_that_rejects_a_chart_is_reported_and_recovers(
    server: SpotifyServer,
    charts_file: Path,
    bucket: tuple[BreakingServer, Bucket],
    fault: Fault,
) -> None:
    """A chart that the bucket rejects is reported, and the next run has it."""
    faulty, held = bucket
    faulty.faults["top50_global"] = [fault] * 50
    result = run(server, charts_file, "s3://lake")
    assert result["captured"] == [SMALL]
    (reason,) = result["failed"].values()
    assert reason.startswith(f"s3://lake/raw/playlists/dt=2026-11-20/chart={LARGE}/")
    assert reason.endswith("role may list, get and put its objects.")
    assert "the-secret-key" not in reason
    faulty.faults.clear()
    again = run(server, charts_file, "s3://lake", {"snapshot_date": "2026-11-20"})
    assert again["captured"] == [LARGE, SMALL]


@pytest.mark.fault(
    table="extraction",
    what="S3 rejects the manifest",
    how="HTTP, 403",
    then="the run fails with one error message; the same event again writes it",
)
def test_a_bucket_that_rejects_the_manifest_fails_the_run(
    server: SpotifyServer, charts_file: Path, bucket: tuple[BreakingServer, Bucket]
) -> None:
    """If the bucket rejects the manifest, the run fails; the same event again writes it."""
    faulty, held = bucket
    faulty.faults["manifests"] = [None, *[refused(403, "AccessDenied")] * 50]
    with pytest.raises(RawStoreError, match=f"s3://lake/{MANIFEST} cannot be written: .*AccessDen"):
        run(server, charts_file, "s3://lake")
    left = dict(held.objects)
    assert [key.split("/")[1] for key in left] == ["playlists", "playlists"]
    faulty.faults.clear()
    assert run(server, charts_file, "s3://lake")["captured"] == [LARGE, SMALL]
    assert left.items() <= held.objects.items()
    assert MANIFEST in held.objects


@pytest.mark.fault(
    table="extraction",
    what="S3's response to a write is lost",
    how="the object is stored, the response is 500",
    then="the retry is recognised as the same write",
)
def test_a_write_with_a_lost_response_is_recognised(
    bucket: tuple[BreakingServer, Bucket],
) -> None:
    faulty, held = bucket
    faulty.faults["raw/a.json"] = [lost]
    open_store("s3://lake").write("raw/a.json", b"{}")
    assert held.objects == {"raw/a.json": b"{}"}
    assert [asked.method for asked in faulty.asked] == ["PUT", "PUT", "GET"]
    with pytest.raises(RawFileExistsError, match=r"raw/a\.json already exists"):
        open_store("s3://lake").write("raw/a.json", b"[]")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"charts": 3}', b"[" * 100_000, b"\xff"])
def test_a_foreign_manifest_is_named_and_kept(
    server: SpotifyServer, charts_file: Path, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "lake" / MANIFEST
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(RawStoreError) as caught:
        run(server, charts_file, str(tmp_path / "lake"))
    assert str(caught.value) == (
        f"{MANIFEST} exists but is not a Chartlake manifest. Inspect it, move it away, and send "
        "the same event again."
    )
    assert path.read_bytes() == content
    assert server.requests == []
