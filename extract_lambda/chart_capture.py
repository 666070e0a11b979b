"""One chart -> its raw file, and the manifest and log lines that report the outcome."""

import dataclasses
import logging
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

from chartlake.contract import paths
from chartlake.contract.chart_config import Chart
from extract_lambda.raw.documents import SCHEMA_VERSION, instant, json_line, payload_sha256
from extract_lambda.raw.store import RawStore, RawStoreError
from extract_lambda.spotify.auth import Logins
from extract_lambda.spotify.client import PlaylistClient
from extract_lambda.spotify.drift import describe, find_drift
from extract_lambda.spotify.errors import SpotifyError
from extract_lambda.spotify.retry import RunBudget, fetch_in_time
from extract_lambda.timing import Timing

IMPORTED = (
    "Its source is charts_csv, so Spotify is not queried. Import its files from "
    "charts.spotify.com with `chartlake import`, or upload them to the bucket's inbox/."
)

Line = dict[str, Any]
logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Capture:
    """What the charts of a run share; several threads use it at once."""

    run_id: str
    snapshot_date: date
    logins: Logins
    store: RawStore
    timing: Timing
    effort: RunBudget

    def line_of(self, chart: Chart) -> Line:
        """Capture a chart and return its line: captured, failed or skipped, and why."""
        if chart.source != "playlist" or chart.playlist_id is None:
            return _line(chart, "skipped", error=IMPORTED)
        known: dict[str, Any] = {"run_id": self.run_id, "chart_id": chart.chart_id}
        began = self.timing.now()
        talk = PlaylistClient(self.logins, chart, self.timing.seconds_left)
        try:
            line = self._captured(talk, chart.playlist_id, began)
        except (SpotifyError, RawStoreError) as error:
            known |= {"seconds": self._seconds_since(began), "attempts": talk.attempts}
            logger.error("chart %s failed: %s", chart.chart_id, error, extra=known)
            return failed_line(chart, str(error))
        known |= {"seconds": self._seconds_since(began), "attempts": talk.attempts}
        known |= {"entries": line["entries"]}
        logger.info("chart %s: captured", chart.chart_id, extra=known)
        if line["drift"]:
            drifted = describe(line["drift"])
            logger.warning("chart %s: %s", chart.chart_id, drifted, extra=known)
        return line

    def _captured(self, talk: PlaylistClient, playlist_id: str, captured_at: datetime) -> Line:
        chart = talk.chart
        key = paths.capture_key(self.snapshot_date, chart.chart_id, captured_at)
        payload, pages = fetch_in_time(talk, playlist_id, self.timing, self.effort)
        request = {
            "url": f"{self.logins.settings.api_url}playlists/{playlist_id}/items",
            "fields": talk.fields,
            "pages": pages,
            "client": f"spotipy/{version('spotipy')}",
        }
        digest = payload_sha256(payload)
        envelope = {
            "schema_version": SCHEMA_VERSION,
            "run_id": self.run_id,
            "chart": dataclasses.asdict(chart),
            "snapshot_date": self.snapshot_date.isoformat(),
            "captured_at": instant(captured_at),
            "request": request,
            "payload_sha256": digest,
            "payload": payload,
        }
        self.store.write(key, json_line(envelope))
        drift = find_drift(payload["items"])
        found = {"key": key, "entries": payload["total"], "payload_sha256": digest}
        return _line(chart, "captured", **found, drift=drift)

    def _seconds_since(self, began: datetime) -> float:
        return (self.timing.now() - began).total_seconds()


def failed_line(chart: Chart, reason: str) -> Line:
    """Build the manifest line of a chart that was not captured."""
    return _line(chart, "failed", error=reason)


def _line(chart: Chart, status: str, **known: Any) -> Line:
    """Build a chart's manifest line; unknown values are null."""
    unknown = dict.fromkeys(("key", "entries", "payload_sha256", "error"))
    return {"chart_id": chart.chart_id, "status": status, **unknown, "drift": {}, **known}
