"""Makes a run current for all of its days; the next run finishes an interrupted commit.

A manifest makes a run current for one day, and a run of many days may be killed between two of
them: new trends would be mixed with old ones. So a run of several days first writes the content of
all its manifests to one file in `state/publishing`, and once they exist, a file to
`state/published`. Every run starts by finishing what is in the first but not in the second.

AWS starts one run at a time. On a laptop two may overlap: a run that finds another's publication
since it began does not publish.
"""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pyspark.sql import SparkSession

from chartlake.contract import paths
from chartlake.contract.tables import LOAD_MANIFEST
from glue_jobs.job.errors import JobError
from glue_jobs.lake import files
from glue_jobs.lake.checkpoints import MARK, DayRun, find_marked
from glue_jobs.lake.publish import build_load_manifest, publish_table
from glue_jobs.lake.read import Runs, read_published_days, read_published_runs
from glue_jobs.tables.song_identity import IDENTITY_VERSION

logger = logging.getLogger("build_tables")

PUBLISHING, PUBLISHED = "publishing", "published"

Counts = Mapping[str, Mapping[str, int]]
"""Day, as in its folder's name -> table -> rows."""


def commit(
    spark: SparkSession, root: str, run: DayRun, counts: Counts, published_at: datetime
) -> None:
    """Publish a run whose tables are written; `run.day` is the first of its days."""
    if len(counts) == 1:
        # One file: it exists or it does not.
        _publish(spark, root, run.run_id, counts, published_at, IDENTITY_VERSION)
        return
    record = {
        "published_at": published_at.isoformat(),
        "identity_version": IDENTITY_VERSION,
        "counts": counts,
    }
    files.write_text(spark, _mark(root, PUBLISHING, run), json.dumps(record))
    _publish(spark, root, run.run_id, counts, published_at, IDENTITY_VERSION)
    files.write_text(spark, _mark(root, PUBLISHED, run), "{}")


def finish_commits(spark: SparkSession, root: str) -> None:
    """Publish what is missing from runs that were killed while publishing."""
    for run in sorted(_found(spark, root, PUBLISHING) - _found(spark, root, PUBLISHED)):
        try:
            record = json.loads(files.read_text(spark, _mark(root, PUBLISHING, run)))
        except ValueError:
            continue  # killed while writing this file, before any manifest
        logger.info("Run %s was interrupted while publishing; finishing it first.", run.run_id)
        there = _days_of(spark, root, run.run_id)
        missing = {day: rows for day, rows in record["counts"].items() if day not in there}
        published_at = datetime.fromisoformat(record["published_at"])
        _publish(spark, root, run.run_id, missing, published_at, record.get("identity_version", 1))
        files.write_text(spark, _mark(root, PUBLISHED, run), "{}")


def _publish(
    spark: SparkSession,
    root: str,
    run_id: str,
    counts: Counts,
    published_at: datetime,
    identity_version: int,
) -> None:
    manifest = build_load_manifest(spark, counts, published_at, identity_version)
    publish_table(manifest, LOAD_MANIFEST, root, run_id)


def _days_of(spark: SparkSession, root: str, run_id: str) -> Collection[str]:
    folder = f"{root}/{paths.table_prefix(LOAD_MANIFEST.name)}"
    found = find_marked(spark, f"{folder}/dt=*/run={run_id}/part-*.parquet")
    return {run.day.isoformat() for run in found}


def _mark(root: str, state: str, run: DayRun) -> str:
    return f"{root}/{paths.checkpoint_prefix(state, run.day, run.run_id)}/{MARK}"


def _found(spark: SparkSession, root: str, state: str) -> set[DayRun]:
    return {*find_marked(spark, f"{root}/{paths.state_prefix(state)}/dt=*/run=*/{MARK}")}


@dataclass(frozen=True)
class Published:
    """The published days, in order, and the current run of each that a run may read."""

    days: list[date]
    runs: Runs


def read_published(
    spark: SparkSession, root: str, days: list[date], start: DayRun | None
) -> Published:
    """Read which runs are current after the checkpoint that a run starts from."""
    since = [day for day in days if start is None or day > start.day]
    return Published(days, read_published_runs(spark, root, since))


def check_unchanged(
    spark: SparkSession, root: str, start: DayRun | None, before: Published, run_id: str
) -> None:
    """Raise JobError if another run has published since this one began."""
    now = read_published(spark, root, read_published_days(spark, root), start)
    others = sorted(now.runs.items() - before.runs.items())
    if others:
        day, other = others[0]
        raise JobError(
            f"Run {other} published {day} after run {run_id} had started, so the input of run "
            f"{run_id} is stale. Nothing of it was published. Run it again, and only one run at a "
            "time on the same lake."
        )
