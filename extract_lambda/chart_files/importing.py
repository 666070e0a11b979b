"""Chart files -> raw, byte for byte, then a manifest of what was imported.

Files are independent: a bad one gets a line in the manifest and does not stop the others. A file
that is already in raw is left unchanged. The manifest is written last and starts the transform. A
run that stops before it leaves unlisted files in raw: `again` lists files that are already there.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from chartlake.contract import paths
from chartlake.contract.chart_config import Chart
from chartlake.contract.chart_files import describe_extra_columns
from extract_lambda.chart_files.name import ChartFileError, named_chart, read_chart_file
from extract_lambda.raw.documents import SCHEMA_VERSION, instant, json_line
from extract_lambda.raw.store import RawStore, RawStoreError

UNKNOWN = dict.fromkeys(
    ("chart_id", "snapshot_date", "key", "entries", "payload_sha256", "extra_columns", "error")
)


def import_file(
    name: str,
    read: Callable[[], bytes],
    charts: Sequence[Chart],
    store: RawStore,
    again: bool = False,
) -> dict[str, Any]:
    """Store one file in raw and return its manifest line: captured, skipped or failed.

    Raises RawStoreError if raw cannot be written or read; the other files would fail, too.
    """
    line = {"file": name, "status": "failed", **UNKNOWN}
    try:
        content = read()
        chart, snapshot_date = named_chart(name, charts)
        line |= {"chart_id": chart.chart_id, "snapshot_date": snapshot_date.isoformat()}
        file = read_chart_file(name, content, charts)
        is_new = _keep(store, file.key, name, content)
    except ChartFileError as error:
        return line | {"error": str(error)}
    line |= {
        "key": file.key,
        "entries": file.entries,
        "payload_sha256": sha256(content).hexdigest(),
        "extra_columns": list(file.extra_columns),
    }
    if is_new or again:
        return line | {"status": "captured"}
    return line | {"status": "skipped", "error": f"{name}: already imported."}


def ignored_columns(lines: Sequence[dict[str, Any]]) -> str | None:
    """Name the ignored columns of a run's files in one sentence; None if there are none."""
    files = Counter(name for line in lines for name in set(line["extra_columns"] or ()))
    return describe_extra_columns(files) if files else None


def _keep(store: RawStore, key: str, name: str, content: bytes) -> bool:
    """Store the bytes; return False if raw already has them."""
    there = store.read(key)
    if there is None:
        _write(store, key, content)
        return True
    if there != content:
        raise ChartFileError(
            f"{name}: {key} has different content for the same chart and date, and raw files "
            "are never replaced. Compare the two; if yours is right, first move the stored one."
        )
    return False


def _write(store: RawStore, key: str, content: bytes) -> None:
    try:
        store.write(key, content)
    except RawStoreError:
        # S3 rejects the retry of a write that succeeded but whose response was lost.
        if store.read(key) != content:
            raise


def write_manifest(
    lines: Sequence[dict[str, Any]],
    store: RawStore,
    run_id: str,
    started_at: datetime,
    finished_at: datetime,
) -> str | None:
    """Write an import's manifest, once, and return its key; None if nothing was imported.

    `snapshot_date` and `end_date` are the first and last imported day: the days to build.
    Raises RawStoreError if it cannot be written.
    """
    days = sorted(line["snapshot_date"] for line in lines if line["status"] == "captured")
    if not days:
        return None
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "run_id": run_id,
        "snapshot_date": days[0],
        "end_date": days[-1],
        "started_at": instant(started_at),
        "finished_at": instant(finished_at),
        "charts": list(lines),
    }
    key = paths.raw_manifest_key(date.fromisoformat(days[0]), run_id)
    if store.read(key) is None:
        store.write(key, json_line(manifest))
    return key
