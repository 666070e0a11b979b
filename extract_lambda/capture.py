"""Charts -> one raw file each, then a manifest that says what was captured.

The manifest is written last: where it is, the run is whole, and its arrival starts the transform.
One chart's failure is named in it and does not stop the others.
"""

import dataclasses
import json
import logging
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import spotipy

from chartlake import paths
from chartlake.charts import Chart
from extract_lambda.raw_store import RawStore, RawStoreError
from extract_lambda.spotify import SpotifyError, fetch_playlist

SCHEMA_VERSION = 1
IMPORTED = (
    "Its source is charts_csv: put its files from charts.spotify.com into raw/charts_csv/; "
    "nothing is asked of Spotify."
)

Clock = Callable[[], datetime]
logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Run:
    """One run: its name, the day that its captures are for, and the charts to capture."""

    run_id: str
    snapshot_date: date
    charts: tuple[Chart, ...]

    @property
    def manifest_key(self) -> str:
        """Key of the run's manifest."""
        return paths.raw_manifest_key(self.snapshot_date, self.run_id)


def capture_charts(
    run: Run, client: spotipy.Spotify, store: RawStore, now: Clock
) -> dict[str, Any]:
    """Capture each chart of the run, write the manifest, and return it.

    Raises RawStoreError when the manifest cannot be written; a chart's own errors are in it.
    """
    started_at = now()
    charts = [_capture(chart, run, client, store, now) for chart in run.charts]
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "run_id": run.run_id,
        "snapshot_date": run.snapshot_date.isoformat(),
        "started_at": _instant(started_at),
        "finished_at": _instant(now()),
        "charts": charts,
    }
    store.write(run.manifest_key, _json_line(manifest))
    return manifest


def _capture(
    chart: Chart, run: Run, client: spotipy.Spotify, store: RawStore, now: Clock
) -> dict[str, Any]:
    """Capture a chart and say in a line of the manifest, and of the log, how that went."""
    if chart.source != "playlist" or chart.playlist_id is None:
        return _line(chart, "skipped", error=IMPORTED)
    captured_at = now()
    key = paths.capture_key(run.snapshot_date, chart.chart_id, captured_at)
    try:
        payload, pages = fetch_playlist(client, chart.playlist_id)
        request = {
            "url": f"{client.prefix}playlists/{chart.playlist_id}/items",
            "pages": pages,
            "client": f"spotipy/{version('spotipy')}",
        }
        store.write(key, _json_line(_envelope(chart, run, captured_at, request, payload)))
    except (SpotifyError, RawStoreError) as error:
        logger.error("chart %s failed: %s", chart.chart_id, error)
        return _line(chart, "failed", error=str(error))
    seconds = (now() - captured_at).total_seconds()
    logger.info("chart %s: %d entries in %.1f s", chart.chart_id, payload["total"], seconds)
    digest = payload_sha256(payload)
    return _line(chart, "captured", key=key, entries=payload["total"], payload_sha256=digest)


def _envelope(
    chart: Chart,
    run: Run,
    captured_at: datetime,
    request: dict[str, Any],
    payload: dict[str, Any],
) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": run.run_id,
        "chart": dataclasses.asdict(chart),
        "snapshot_date": run.snapshot_date.isoformat(),
        "captured_at": _instant(captured_at),
        "request": request,
        "payload_sha256": payload_sha256(payload),
        "payload": payload,
    }


def _line(chart: Chart, status: str, **known: Any) -> dict[str, Any]:
    """Make a chart's line of the manifest; what is not known is null."""
    unknown = dict.fromkeys(("key", "entries", "payload_sha256", "error"))
    return {"chart_id": chart.chart_id, "status": status, **unknown, **known}


def payload_sha256(payload: dict[str, Any]) -> str:
    """Hash a payload's canonical JSON: sorted names, no spaces, UTF-8; in hexadecimal digits."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def _json_line(document: dict[str, Any]) -> bytes:
    """Write a document on one line, which is what Spark reads fastest."""
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"
