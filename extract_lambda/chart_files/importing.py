"""Chart files -> raw, byte for byte, then a manifest that says what came in.

Each file stands for itself: a bad one is a line of the manifest and stops no other. A file that raw
has already is left as it is. The manifest is written last and starts the transform, so a run that
ends before it leaves files that nobody was told of: `again` tells of files that raw has already.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from chartlake.contract import paths
from chartlake.contract.chart_config import Chart
from chartlake.contract.extra_columns import describe_extra_columns
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
    """Keep one file in raw and return its line of the manifest: captured, skipped or failed.

    Raises RawStoreError when raw can be neither written nor read, which no other file would mend.
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
    return line | {"status": "skipped", "error": f"{name}: it is already imported."}


def ignored_columns(lines: Sequence[dict[str, Any]]) -> str | None:
    """Name the columns of a run's files that were ignored, in one sentence; None if none were."""
    files = Counter(name for line in lines for name in set(line["extra_columns"] or ()))
    return describe_extra_columns(files) if files else None


def _keep(store: RawStore, key: str, name: str, content: bytes) -> bool:
    """Keep the bytes; False when raw has them already."""
    there = store.read(key)
    if there is None:
        _write(store, key, content)
        return True
    if there != content:
        raise ChartFileError(
            f"{name}: {key} holds other bytes for the same chart and date, and raw is never "
            "replaced. Compare the two; if yours is right, move that one away by hand first."
        )
    return False


def _write(store: RawStore, key: str, content: bytes) -> None:
    try:
        store.write(key, content)
    except RawStoreError:
        # S3 refuses the repetition of a write that arrived although its answer was lost.
        if store.read(key) != content:
            raise


def write_manifest(
    lines: Sequence[dict[str, Any]],
    store: RawStore,
    run_id: str,
    started_at: datetime,
    finished_at: datetime,
) -> str | None:
    """Write the manifest of a run of imports, once, and return its key; None if nothing came in.

    `snapshot_date` and `end_date` are the first and last day of what came in: the days to build.
    Raises RawStoreError when it cannot be written.
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
