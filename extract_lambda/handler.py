"""The Lambda's entry point: event and environment -> a run -> what was captured and what failed.

Spotify's API has no dates: `snapshot_date` labels a capture and does not change the request.

If the same event is delivered again, the handler finds the manifest and answers from it: nothing
is captured twice, and a run with failures fails again. Lambda retries a failed asynchronous event
twice. A retry that succeeded would hide the failure from the on-failure destination. A retry that
queried Spotify again would spend quota on what five attempts a minute earlier did not get, and
would start the transform of the same day again. Retries are for a run that died before its
manifest: it is captured again. To capture a failed chart, start a new run: invoke by hand without
`scheduled_at`, or wait for the schedule.
"""

import json
import os
from collections.abc import Callable
from typing import Any

from chartlake.contract.chart_config import read_charts
from chartlake.contract.counts import counted
from extract_lambda.capture import Run, capture_charts
from extract_lambda.event import read_event
from extract_lambda.logging_setup import publish_metrics, start_logs
from extract_lambda.raw.store import RawFileExistsError, RawStore, RawStoreError, open_store
from extract_lambda.settings import Settings, read_settings
from extract_lambda.spotify.auth import Logins
from extract_lambda.spotify.credentials import read_credentials
from extract_lambda.timing import Timing, read_timing

Manifest = dict[str, Any]


class ChartsFailedError(Exception):
    """Some charts were not captured; the message says which and why. The others were."""

    def __init__(self, result: dict[str, Any]) -> None:
        failed = result["failed"]
        lines = [f"  {chart_id}: {reason}" for chart_id, reason in failed.items()]
        whole = len(failed) + len(result["captured"])
        share = f"{len(failed)} of {counted(whole, 'chart')} failed"
        first = f"{share}; {result['manifest']} lists what was captured."
        super().__init__("\n".join([first, *lines]))


def handler(event: Any, context: object) -> dict[str, Any]:
    """Handle an event such as {"snapshot_date": "2026-11-20", "charts": [ids], "scheduled_at": …}.

    Raises EventError, SettingsError or ChartsFileError before anything is written, RawStoreError
    if it is unknown what was captured, and ChartsFailedError after everything is written.
    """
    start_logs(context)
    timing = read_timing(context)
    result = extract(
        event,
        read_settings(os.environ),
        timing,
        lambda manifest: publish_metrics(manifest, timing.seconds_left()),
    )
    if result["failed"]:
        raise ChartsFailedError(result)
    return result


def extract(
    event: Any,
    settings: Settings,
    timing: Timing,
    on_captured: Callable[[Manifest], None] = lambda _: None,
) -> dict[str, Any]:
    """Do the same as `handler` with the caller's settings and time; return failed charts.

    `on_captured` receives the manifest of a new run, but not one that already existed.
    """
    run = read_event(event, read_charts(settings.charts_file), timing.now())
    store = open_store(settings.raw_root)
    if written := _written(run, store):
        return _result(run.manifest_key, written)
    if any(chart.source == "playlist" for chart in run.charts):
        read_credentials(settings)
    manifest = _captured_once(run, settings, store, timing, on_captured)
    return _result(run.manifest_key, manifest)


def _captured_once(
    run: Run,
    settings: Settings,
    store: RawStore,
    timing: Timing,
    on_captured: Callable[[Manifest], None],
) -> Manifest:
    """Capture the run; if the same event was handled elsewhere first, return that manifest."""
    try:
        manifest = capture_charts(run, Logins(settings), store, timing)
    except RawFileExistsError:
        if first := _written(run, store):
            return first
        raise
    on_captured(manifest)
    return manifest


def _written(run: Run, store: RawStore) -> Manifest | None:
    """Read the run's manifest, if it has one; raises RawStoreError if it is malformed."""
    content = store.read(run.manifest_key)
    if content is None:
        return None
    try:
        manifest: Manifest = json.loads(content)
        _result(run.manifest_key, manifest)
    except (KeyError, RecursionError, TypeError, ValueError):
        raise RawStoreError(
            f"{run.manifest_key} exists but is not a Chartlake manifest. Inspect it, move it away, "
            "and send the same event again."
        ) from None
    return manifest


def _result(manifest_key: str, manifest: Manifest) -> dict[str, Any]:
    """Summarize a manifest for the caller: captured charts, and the others with their reasons."""

    def reasons(status: str) -> dict[str, str]:
        lines = manifest["charts"]
        return {line["chart_id"]: line["error"] for line in lines if line["status"] == status}

    return {
        "run_id": manifest["run_id"],
        "snapshot_date": manifest["snapshot_date"],
        "manifest": manifest_key,
        "captured": list(reasons("captured")),
        "failed": reasons("failed"),
        "skipped": reasons("skipped"),
    }
