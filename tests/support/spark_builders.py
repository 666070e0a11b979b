"""Literal captures for the tests of the job: an entry, a playlist, a raw file."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from chartlake.contract.paths import capture_key, captures_prefix
from chartlake.contract.schema import Table
from glue_jobs.frames import empty_frame
from glue_jobs.lake.files import exists
from glue_jobs.raw.read import read_raw_files

CHART: dict[str, Any] = {
    "chart_id": "top",
    "name": "Top",
    "market": "global",
    "source": "playlist",
    "cadence": "daily",
    "expected_size": 2,
    "tolerance": 0,
    "playlist_id": "37i9dQZ789012345678901",
}


def entry(track_id: str, *artists: str, key: str = "track", **track: Any) -> dict[str, Any]:
    """An entry as Spotify sends it, with only the fields that always exist."""
    content = {
        "id": track_id,
        "name": f"Song {track_id}",
        "type": "track",
        "artists": [{"id": name, "name": name} for name in artists or ("Ana",)],
        "album": {"id": f"album of {track_id}", "name": "Album"},
    }
    return {"added_at": None, "is_local": False, key: content | track}


def write_capture(root: Path, at: str, entries: list[Any], **chart: Any) -> Path:
    """Write a raw file, captured at an instant such as 2026-10-01T06:00:00Z; return its path."""
    captured_at = datetime.fromisoformat(at)
    settings = CHART | chart
    envelope = {
        "schema_version": 1,
        "run_id": "20261001T060000Z",
        "chart": settings,
        "snapshot_date": captured_at.date().isoformat(),
        "captured_at": at,
        "payload": {"snapshot_id": f"version of {at}", "items": entries},
    }
    key = capture_key(captured_at.date(), settings["chart_id"], captured_at)
    return write_raw(root / key, json.dumps(envelope, ensure_ascii=False))


def write_raw(path: Path, content: str) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def raw_files(spark: SparkSession, root: Path, days: Sequence[date]) -> DataFrame:
    """Read the captures of these days as the job does."""
    folders = [f"s3://lake/{root.name}/{captures_prefix(day)}" for day in days]
    existing = [folder for folder in folders if exists(spark, folder)]
    return read_raw_files(spark, existing, "*.json")


def nothing(spark: SparkSession, table: Table) -> DataFrame:
    """No published row of a table."""
    return empty_frame(spark, table.ddl).drop("run_id")
