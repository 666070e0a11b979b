"""The Spark jobs on a local lake, each in its own process; the functions return exit codes."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from chartlake.contract.errors import UserError
from chartlake.lake_folder import CURATED_BUCKET, RAW_BUCKET, LakeFolder
from chartlake.spark.submit import LARGE, SMALL, run_job

CURATED_ROOT = ["--curated-root", f"s3://{CURATED_BUCKET}"]
DAYS_OF_A_LARGE_RUN = 60
"""From this many days on, the rows of a run cost more than its plans."""


def build_tables(
    lake: Path, raw: Path | None, first: date, last: date, charts_file: str | None = None
) -> int:
    """Build the tables of a range of days; `raw` is the folder that holds raw/, if not the lake's.

    Raises UserError if there is no raw folder, or no Java.
    """
    folder = LakeFolder(lake)
    raw = raw or folder.raw
    if not raw.is_dir():
        raise UserError(f"There is no folder {raw}. Name the folder that holds raw/ with --raw.")
    folder.curated.mkdir(parents=True, exist_ok=True)
    span = ["--start-date", first.isoformat(), "--end-date", last.isoformat()]
    charts = ["--charts-file", charts_file] if charts_file else []
    is_large = (last - first).days >= DAYS_OF_A_LARGE_RUN
    return run_job(
        {RAW_BUCKET: raw, CURATED_BUCKET: folder.curated},
        "glue_jobs.build_tables",
        ["--raw-root", f"s3://{RAW_BUCKET}", *CURATED_ROOT, *span, *charts],
        LARGE if is_large else SMALL,
    )


def prune_runs(lake: Path, delete: bool, rules: Mapping[str, int | None]) -> int:
    """List or delete superseded runs; rules without a value use the job's defaults."""
    given = [
        word
        for name, value in rules.items()
        if value is not None
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    mounts = {CURATED_BUCKET: LakeFolder(lake).curated}
    arguments = [*CURATED_ROOT, *given, *(["--delete"] if delete else [])]
    return run_job(mounts, "glue_jobs.prune_runs", arguments)


def verify_trends(files: Sequence[str]) -> int:
    """Compare our trends with the columns of official chart files."""
    return run_job({}, "glue_jobs.verify.verify_trends", ["--files", *files], LARGE)
