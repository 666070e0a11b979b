"""Charts -> one raw file each, then a manifest of what was captured.

The manifest is written last: if it exists, the run is complete, and its arrival starts the
transform. Charts are captured concurrently. The manifest lists failed charts; the others continue.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from typing import Any

from chartlake.contract import paths
from chartlake.contract.chart_config import Chart
from extract_lambda.chart_capture import Capture, Line, failed_line
from extract_lambda.raw.documents import SCHEMA_VERSION, instant, json_line
from extract_lambda.raw.store import RawStore
from extract_lambda.spotify.auth import Logins
from extract_lambda.spotify.retry import RunBudget
from extract_lambda.timing import Timing

SIDE_BY_SIDE = 4
GRACE_SECONDS = 2
LATE = "Spotify responded too slowly for the run's time limit. Run again."
MISTAKE = "Internal error ({}). The log has the traceback; the other charts continue."

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """One run: its name, the date of its captures, and the charts to capture."""

    run_id: str
    snapshot_date: date
    charts: tuple[Chart, ...]

    @property
    def manifest_key(self) -> str:
        """Key of the run's manifest."""
        return paths.raw_manifest_key(self.snapshot_date, self.run_id)


def capture_charts(run: Run, logins: Logins, store: RawStore, timing: Timing) -> dict[str, Any]:
    """Capture the run's charts within its time limit, write the manifest, and return it.

    Raises RawStoreError if the manifest cannot be written; it contains each chart's own errors.
    """
    started_at = timing.now()
    effort = RunBudget(run.run_id)
    capture = Capture(run.run_id, run.snapshot_date, logins, store, timing, effort)
    lines = _side_by_side(run, capture)
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "run_id": run.run_id,
        "snapshot_date": run.snapshot_date.isoformat(),
        "started_at": instant(started_at),
        "finished_at": instant(timing.now()),
        "requests": effort.requests + logins.requests,
        "throttles": effort.throttles,
        "charts": lines,
    }
    store.write(run.manifest_key, json_line(manifest))
    return manifest


def _side_by_side(run: Run, capture: Capture) -> list[Line]:
    """Capture a few charts at a time, and abandon those that outlast the run.

    An abandoned chart may still write its file: complete, but not in the manifest.
    """
    pool = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="chart")
    lines = {chart: pool.submit(capture.line_of, chart) for chart in run.charts}
    wait(lines.values(), max(capture.timing.seconds_left(), 0) + GRACE_SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)
    return [_line_so_far(chart, line) for chart, line in lines.items()]


def _line_so_far(chart: Chart, line: "Future[Line]") -> Line:
    """Return a chart's line; a late chart or an internal error fails that chart only."""
    known = {"chart_id": chart.chart_id}
    if not line.done() or line.cancelled():
        logger.error("chart %s failed: %s", chart.chart_id, LATE, extra=known)
        return failed_line(chart, LATE)
    if isinstance(error := line.exception(), Exception):
        reason = MISTAKE.format(type(error).__name__)
        logger.error("chart %s failed: %s", chart.chart_id, reason, exc_info=error, extra=known)
        return failed_line(chart, reason)
    return line.result()
