"""Files from charts.spotify.com -> raw, by hand: `chartlake import FILE...`.

One file is in memory at a time. The report lists files that are already imported, and rejected
files with a reason. A stopped import keeps and reports what was imported so far.
"""

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from chartlake.contract.chart_config import Chart
from chartlake.contract.counts import counted
from chartlake.contract.errors import UserError
from chartlake.contract.paths import run_id_at
from extract_lambda.chart_files.importing import ignored_columns, import_file, write_manifest
from extract_lambda.chart_files.name import ChartFileError, named_chart
from extract_lambda.raw.store import RawStore, RawStoreError, open_store
from extract_lambda.settings import read_import_settings

EXAMPLE = "chartlake import ~/Downloads/regional-*.csv --raw s3://bucket"
AGAIN = "Then import the same files with --again: the last one may be stored but not listed."
Lines = list[dict[str, Any]]


def import_charts(arguments: Sequence[str], raw_root: str | None, again: bool) -> int:
    """Import files named by paths or patterns; return 0, or 1 if one was rejected.

    `raw_root` defaults to CHARTLAKE_RAW_ROOT. `again` also lists files that are already imported
    in the manifest. Raises UserError if raw cannot be written, or the run was stopped.
    """
    given = {"CHARTLAKE_RAW_ROOT": raw_root} if raw_root else {}
    files = [path for argument in arguments if argument for path in _paths(argument)]
    settings = read_import_settings(os.environ | given)
    store = open_store(settings.raw_root)
    if not files:
        raise UserError(f"No file was given. Name one or more: {EXAMPLE}")
    started_at = datetime.now(UTC)
    lines: Lines = []
    stopped = _import_all(files, settings.charts, store, again, lines)
    run_id = run_id_at(started_at, f"{started_at.microsecond:06x}")
    try:
        manifest = write_manifest(lines, store, run_id, started_at, datetime.now(UTC))
    except RawStoreError as error:
        manifest, stopped = None, f"{error} {AGAIN}"
    sys.stdout.write(report(lines, manifest))
    if stopped:
        raise UserError(stopped)
    return int(any(line["status"] == "failed" for line in lines))


def _paths(argument: str) -> list[Path]:
    """Find the files of a path or pattern; a missing one is kept, to be rejected by name."""
    path = Path(argument).expanduser()
    # pathlib's own glob does not accept absolute patterns.
    found = [] if path.exists() else sorted(glob.glob(str(path)))  # noqa: PTH207
    return [Path(name) for name in found] or [path]


def _import_all(
    files: Sequence[Path], charts: Sequence[Chart], store: RawStore, again: bool, lines: Lines
) -> str | None:
    """Add a line per file; return a sentence that says why it stopped early, if it did."""
    try:
        for path in _counted(files):
            read = partial(_content, path, charts)
            lines.append(import_file(path.name, read, charts, store, again))
    except KeyboardInterrupt:
        return f"Stopped. {AGAIN}"
    except RawStoreError as error:
        return f"The import stopped: {error} {AGAIN}"
    return None


def _content(path: Path, charts: Sequence[Chart]) -> bytes:
    try:
        if not path.exists():
            raise ChartFileError(f"{path}: no such file. Check its name and folder.")
        named_chart(path.name, charts)  # before reading unrelated files of a folder
        return path.read_bytes()
    except OSError as error:
        raise ChartFileError(
            f"{path}: it cannot be read ({error.strerror}). Check its permissions."
        ) from error


def _counted(files: Sequence[Path]) -> Iterator[Path]:
    """Yield files and print progress: one updated line on a terminal, else one per 100 files."""
    on_terminal = sys.stderr.isatty()
    try:
        for count, path in enumerate(files, start=1):
            yield path
            if on_terminal:
                sys.stderr.write(f"\r{count:,} of {counted(len(files), 'file')}")
                sys.stderr.flush()
            elif count % 100 == 0:
                sys.stderr.write(f"{count:,} of {counted(len(files), 'file')}\n")
    finally:
        if on_terminal:
            sys.stderr.write("\n")


def report(lines: Sequence[dict[str, Any]], manifest: str | None) -> str:
    """Format a run's report: already imported files, rejected files and why, and a summary."""

    def of(status: str) -> list[dict[str, Any]]:
        return [line for line in lines if line["status"] == status]

    days = sorted(line["snapshot_date"] for line in of("captured"))
    span = f" ({days[0]} to {days[-1]})" if days else ""
    output = [f"already imported: {line['file']}" for line in of("skipped")]
    output += [f"rejected: {line['error']}" for line in of("failed")]
    output += filter(None, [ignored_columns(lines)])
    output.append(
        f"{len(days)} imported{span}, {len(of('skipped'))} already imported, "
        f"{len(of('failed'))} rejected."
    )
    if manifest:
        output.append(f"manifest: {manifest}")
    return "\n".join(output) + "\n"
