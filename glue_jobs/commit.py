"""Makes a run the current one of all its days, or of none that the next run would not finish.

A manifest makes a run current for one day, and a run of many days may be killed between two of
them: new trends would stand beside old ones. So a run of several days first writes all that its
manifests will say to `state/publishing`, as one file, and says so in `state/published` when they
are there. Every run begins by finishing what it finds in the first and not in the second.
"""

import logging
import re
from collections.abc import Collection
from datetime import date

from pyspark.sql import DataFrame, SparkSession

from chartlake import paths
from chartlake.tables import LOAD_MANIFEST
from glue_jobs import lake
from glue_jobs.checkpoints import Checkpoint
from glue_jobs.literal import literal_frame
from glue_jobs.publish import publish_table
from glue_jobs.read import read_parquet

logger = logging.getLogger("build_tables")

PUBLISHING, PUBLISHED = "publishing", "published"
FILE = re.compile(r"/dt=([^/]+)/run=([^/]+)/part-[^/]+\.parquet$")


def commit(
    spark: SparkSession, root: str, manifest: DataFrame, days: Collection[date], run_id: str
) -> None:
    """Publish a run of these days; the manifest is load_manifest, less run_id."""
    if len(days) == 1:
        publish_table(manifest, LOAD_MANIFEST, root, run_id)  # one file: it is there or it is not
        return
    run = Checkpoint(min(days), run_id)
    manifest.coalesce(1).write.parquet(f"{root}/{_folder(PUBLISHING, run)}")
    _publish(spark, root, manifest, run)


def finish_commits(spark: SparkSession, root: str) -> None:
    """Publish what is missing of runs that were killed while they published."""
    for run in sorted(_found(spark, root, PUBLISHING) - _found(spark, root, PUBLISHED)):
        manifest = read_parquet(spark, LOAD_MANIFEST, [f"{root}/{_folder(PUBLISHING, run)}"])
        folder = f"{root}/{paths.table_prefix(LOAD_MANIFEST.name)}"
        names = lake.glob(spark, f"{folder}/dt=*/run={run.run_id}/part-*.parquet")
        there = [date.fromisoformat(match[1]) for match in map(FILE.search, names) if match]
        logger.info("Run %s was cut while it published, and is finished first.", run.run_id)
        _publish(spark, root, manifest.where(~manifest.snapshot_date.isin(there)), run)


def _publish(spark: SparkSession, root: str, manifest: DataFrame, run: Checkpoint) -> None:
    publish_table(manifest, LOAD_MANIFEST, root, run.run_id)
    done = literal_frame(spark, [{"run_id": run.run_id}], "run_id string")
    # Where this was cut before, its folder is there.
    done.write.mode("append").parquet(f"{root}/{_folder(PUBLISHED, run)}")


def _folder(state: str, run: Checkpoint) -> str:
    return paths.checkpoint_prefix(state, run.day, run.run_id)


def _found(spark: SparkSession, root: str, state: str) -> set[Checkpoint]:
    names = lake.glob(spark, f"{root}/{paths.state_prefix(state)}/dt=*/run=*/part-*.parquet")
    matches = filter(None, map(FILE.search, names))
    return {Checkpoint(date.fromisoformat(match[1]), match[2]) for match in matches}
