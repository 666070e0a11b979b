"""Prunes runs and checkpoints that no reader needs: lists them, and removes them with --delete.

From `curated/` and `state/` it removes superseded runs, leftovers of runs that never published or
were killed while writing, checkpoints that are old, stale or unfinished, and obsolete marks.
Superseded runs stay for --grace-hours, so that running queries can finish. The current run of a
day is never removed, and neither is anything that build_tables did not write.

After an interrupted prune, run it again to remove the rest.

    PYTHONPATH=. spark-submit glue_jobs/prune_runs.py --curated-root s3://curated --delete
"""

import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from pyspark.sql import SparkSession

from chartlake.contract import paths
from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from glue_jobs.job.errors import JobError
from glue_jobs.job.session import job_session
from glue_jobs.lake import checkpoints, files
from glue_jobs.prune.arguments import PruneConfig, parse_arguments
from glue_jobs.prune.old_checkpoints import MARKS, checkpoints_to_remove
from glue_jobs.prune.run_folders import RunFolder, find_folders
from glue_jobs.prune.summary import left_alone, progress, removed, summary, writes_killed
from glue_jobs.prune.superseded import runs_to_remove

logger = logging.getLogger("prune_runs")

# Manifests are listed last, so a run that publishes meanwhile is seen as published.
CURATED = sorted((table.name for table in TABLES), key=lambda name: name == LOAD_MANIFEST.name)
STATE = [*MARKS, *(table.name for table in checkpoints.TABLES.values())]
LOG_EVERY = 100


def prune(spark: SparkSession, config: PruneConfig) -> None:
    """Report what can be removed, and remove it if requested.

    Raises JobError if nothing is published: a wrong root is more likely than an old lake.
    """
    root = config.curated_root
    curated = _list(spark, f"{root}/{paths.CURATED}", CURATED)
    if not any(folder.table == LOAD_MANIFEST.name and folder.has_rows for folder in curated):
        raise JobError(f"No published day under {root}/{paths.CURATED}. Check --curated-root.")
    state = _list(spark, f"{root}/{paths.STATE}", STATE)
    removals = runs_to_remove(curated, config.rules) + checkpoints_to_remove(state, config.rules)
    grace_began = config.rules.now - config.rules.grace
    killed = files.older_than(spark, f"{root}/{paths.CURATED}/*/_temporary/*", grace_began)
    for sentence in left_alone([*curated, *state]):
        logger.warning(sentence)
    if not removals and not killed:
        logger.info("Nothing to remove: everything is current, kept or too recent.")
        return
    for line in summary(removals):
        logger.info(line)
    if killed:
        logger.info(writes_killed(len(killed)))
    if config.delete:
        _delete(spark, [*(removal.folder.uri for removal in removals), *killed])
    else:
        logger.info("Nothing was removed. Add --delete to remove this.")


def _list(spark: SparkSession, folder: str, tables: Sequence[str]) -> list[RunFolder]:
    found: list[RunFolder] = []
    for table in tables:
        found += find_folders(files.glob(spark, f"{folder}/{table}/dt=*/run=*/*"), [table])
    return found


def _delete(spark: SparkSession, folders: Sequence[str]) -> None:
    for done, folder in enumerate(folders, start=1):
        files.delete(spark, folder)
        if done % LOG_EVERY == 0:
            logger.info(progress(done, len(folders)))
    logger.info(removed(len(folders)))


def main(arguments: Sequence[str]) -> None:
    """Run the job as a process: exit code 0, or 1 with a message if it failed."""
    config = parse_arguments(arguments, datetime.now(UTC))
    if_stopped = "Stopped. Current runs are intact; run it again to remove the rest."
    with job_session("prune_runs", if_stopped) as spark:
        prune(spark, config)


if __name__ == "__main__":
    main(sys.argv[1:])
