"""Files from charts.spotify.com -> raw, by hand: `make import-charts FILES="…" RAW=…`.

    python -m extract_lambda.import_charts [--raw-root ROOT] [--again] FILE...

A FILE is a path or a pattern, or several of them in one word, as make passes them on. One file is
in memory at a time. Files that are already imported are listed; refused ones are named, each with a
sentence, and make the exit code 1. Stopping it keeps what came in so far, and tells of it.
"""

import argparse
import glob
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from chartlake.contract.chart_config import Chart, ChartsFileError
from chartlake.contract.counts import counted
from chartlake.contract.paths import run_id_at
from extract_lambda.chart_files.importing import ignored_columns, import_file, write_manifest
from extract_lambda.chart_files.name import ChartFileError, named_chart
from extract_lambda.chart_files.settings import read_import_settings
from extract_lambda.raw.store import RawStore, RawStoreError, open_store
from extract_lambda.settings import SettingsError

EXAMPLE = 'make import-charts FILES="~/Downloads/regional-*.csv" RAW=s3://bucket'
AGAIN = "Then import the same files with --again (AGAIN=1): the last may be kept and not told of."
Lines = list[dict[str, Any]]


def main(arguments: Sequence[str]) -> int:
    """Import the files that the command line names; return the exit code."""
    options = _options(arguments)
    given = {"CHARTLAKE_RAW_ROOT": options.raw_root} if options.raw_root else {}
    files = [path for argument in options.files for path in _paths(argument)]
    try:
        settings = read_import_settings(os.environ | given)
        store = open_store(settings.raw_root)
    except (SettingsError, ChartsFileError, RawStoreError) as error:
        sys.exit(str(error))
    if not files:
        sys.exit(f"No file is named. Name one or many: {EXAMPLE}")
    started_at = datetime.now(UTC)
    lines: Lines = []
    stopped = _import_all(files, settings.charts, store, options.again, lines)
    run_id = run_id_at(started_at, f"{started_at.microsecond:06x}")
    try:
        manifest = write_manifest(lines, store, run_id, started_at, datetime.now(UTC))
    except RawStoreError as error:
        manifest, stopped = None, f"{error} {AGAIN}"
    sys.stdout.write(report(lines, manifest))
    if stopped:
        sys.exit(stopped)
    return int(any(line["status"] == "failed" for line in lines))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m extract_lambda.import_charts",
        description="Import chart files from charts.spotify.com.",
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a path or a pattern")
    parser.add_argument("--raw-root", help="s3://bucket or a folder (CHARTLAKE_RAW_ROOT)")
    parser.add_argument(
        "--again", action="store_true", help="hand over files that are already imported, too"
    )
    return parser.parse_args(arguments)


def _paths(argument: str) -> list[Path]:
    """Find the files of an argument; what is not found stays, to be refused by its name."""
    if argument and Path(argument).exists():
        return [Path(argument)]
    try:
        words = shlex.split(argument)
    except ValueError:
        words = [argument]
    paths = [Path(word).expanduser() for word in words]
    # pathlib's own glob takes no absolute patterns.
    return [
        Path(found)
        for path in paths
        for found in sorted(glob.glob(str(path))) or [str(path)]  # noqa: PTH207
    ]


def _import_all(
    files: Sequence[Path], charts: Sequence[Chart], store: RawStore, again: bool, lines: Lines
) -> str | None:
    """Add a line per file; return the sentence that says why it stopped early, if it did."""
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
            raise ChartFileError(f"{path}: there is no such file. Check its name and folder.")
        named_chart(path.name, charts)  # before reading whatever else lies in a folder
        return path.read_bytes()
    except OSError as error:
        raise ChartFileError(
            f"{path}: it cannot be read ({error.strerror}). Check its rights."
        ) from error


def _counted(files: Sequence[Path]) -> Iterator[Path]:
    """Yield the files and say how many are done: one growing line on a terminal, else each 100."""
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
    """Tell of a run in text: what was there already, what was refused and why, and a summary."""

    def of(status: str) -> list[dict[str, Any]]:
        return [line for line in lines if line["status"] == status]

    days = sorted(line["snapshot_date"] for line in of("captured"))
    span = f" ({days[0]} to {days[-1]})" if days else ""
    told = [f"already imported: {line['file']}" for line in of("skipped")]
    told += [f"refused: {line['error']}" for line in of("failed")]
    told += filter(None, [ignored_columns(lines)])
    told.append(
        f"{len(days)} imported{span}, {len(of('skipped'))} already imported, "
        f"{len(of('failed'))} refused."
    )
    if manifest:
        told.append(f"manifest: {manifest}")
    return "\n".join(told) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
