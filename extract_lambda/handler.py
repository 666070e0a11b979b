"""The Lambda's entry point: event and environment -> a run -> what was captured, and what was not.

The same event delivered again finds its manifest and answers from it: nothing is captured twice.
Spotify's API knows no dates, so `snapshot_date` says what day a capture is for, not what is asked.
"""

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

from chartlake.charts import read_charts
from extract_lambda.capture import Clock, capture_charts
from extract_lambda.config import Settings, read_settings
from extract_lambda.event import read_event
from extract_lambda.raw_store import open_store
from extract_lambda.spotify import connect


def handler(event: Any, context: object) -> dict[str, Any]:
    """Run for an event such as {"snapshot_date": "2026-11-20", "charts": [ids], "scheduled_at": …}.

    Raises EventError, SettingsError or ChartsFileError before anything is written, and
    RawStoreError when there is no telling what was captured, or whether it was before.
    """
    logging.getLogger("extract_lambda").setLevel(logging.INFO)
    return extract(event, read_settings(os.environ), lambda: datetime.now(UTC))


def extract(event: Any, settings: Settings, now: Clock) -> dict[str, Any]:
    """Do what `handler` says, with settings and a clock of the caller's (UTC)."""
    run = read_event(event, read_charts(settings.charts_file), now())
    store = open_store(settings.raw_root)
    written = store.read(run.manifest_key)
    if written is not None:
        return _result(run.manifest_key, json.loads(written))
    return _result(run.manifest_key, capture_charts(run, connect(settings), store, now))


def _result(manifest_key: str, manifest: dict[str, Any]) -> dict[str, Any]:
    """Sum up a manifest for whoever called: the captured, and the others with their reasons."""

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
