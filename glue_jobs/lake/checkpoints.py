"""Checkpoints: the newest row of every chart and song up to a day, and the first of every track.

They are in `state/<table>/dt=<day>/run=<run>/part-….parquet`. A run starts from the newest
checkpoint before its first day and what is published since: few days, however long the history.
`chart_snapshots` is written last and completes a checkpoint.

A run that builds days before published ones makes the checkpoints from there on stale. It records
that under `state/rebuilt` before it publishes, so a stale checkpoint is never used.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from chartlake.contract import paths
from chartlake.contract.schema import Table
from chartlake.contract.tables import (
    ARTIST_TRENDS,
    CHART_ENTRIES,
    CHART_SNAPSHOTS,
    CHART_SUMMARY,
    SONG_TRENDS,
)
from glue_jobs.lake import files, read
from glue_jobs.tables.history import History, condense, keep_newest, on_newest_edition
from glue_jobs.tables.song_identity import IDENTITY_VERSION
from glue_jobs.tables.songs import POSITION

TABLES = {
    "songs": SONG_TRENDS,
    "artists": ARTIST_TRENDS,
    "entries": CHART_ENTRIES,
    "editions": CHART_SUMMARY,
    "snapshots": CHART_SNAPSHOTS,
}
"""Field of History -> the table whose rows it holds, in write order."""

REBUILT = "rebuilt"
MARK = "_mark.json"
FOLDER = re.compile(r"/dt=([^/]+)/run=([^/]+)")


@dataclass(frozen=True, order=True)
class DayRun:
    """A day, and the run that published from it on, or that left the state after it."""

    day: date
    run_id: str


def newest_checkpoint(spark: SparkSession, root: str, before: date) -> DayRun | None:
    """Find the checkpoint to start from: the newest before a day that is complete and not stale."""
    rebuilt = find_marked(spark, f"{root}/{paths.state_prefix(REBUILT)}/dt=*/run=*")
    usable = [
        found
        for found in find_checkpoints(spark, root)
        if found.day < before and not is_stale(found, rebuilt)
    ]
    return max(usable, default=None)


def find_checkpoints(spark: SparkSession, root: str) -> list[DayRun]:
    """Return every complete checkpoint."""
    last = paths.state_prefix(CHART_SNAPSHOTS.name)
    return find_marked(spark, f"{root}/{last}/dt=*/run=*/part-*.parquet")


def is_stale(checkpoint: DayRun, rebuilt: Iterable[DayRun]) -> bool:
    """Return whether a later run has rebuilt days that the checkpoint covers."""
    return any(
        other.run_id > checkpoint.run_id and other.day <= checkpoint.day for other in rebuilt
    )


def find_marked(spark: SparkSession, pattern: str) -> list[DayRun]:
    """Return the day and run of every address that matches a pattern."""
    matches = (FOLDER.search(name) for name in files.glob(spark, pattern))
    return [DayRun(date.fromisoformat(match[1]), match[2]) for match in matches if match]


def read_history(
    spark: SparkSession,
    root: str,
    start: DayRun | None,
    published: read.Runs,
    before: date,
) -> History:
    """Read the history before a day: a checkpoint, if any, and what is published since."""
    runs = {day: run_id for day, run_id in published.items() if day < before}

    def rows(table: Table) -> DataFrame:
        found = read.read_table(spark, root, table, runs)
        if start is None:
            return found
        folder = paths.checkpoint_prefix(table.name, start.day, start.run_id)
        return read.read_parquet(spark, table, [f"{root}/{folder}"]).unionByName(found)

    editions = keep_newest(rows(CHART_SUMMARY), "chart_id")
    return History(
        snapshots=keep_newest(rows(CHART_SNAPSHOTS), "chart_id"),
        editions=editions,
        songs=rows(SONG_TRENDS),
        artists=on_newest_edition(rows(ARTIST_TRENDS), editions),
        entries=rows(CHART_ENTRIES).select(*POSITION, "track_id", "song_key", "song_id"),
        is_long=start is not None,
    )


def read_version(spark: SparkSession, root: str, checkpoint: DayRun) -> int:
    """Read the song identity version of a checkpoint; the default is 1."""
    folder = paths.checkpoint_prefix(CHART_SNAPSHOTS.name, checkpoint.day, checkpoint.run_id)
    rows = spark.read.schema("identity_version int").parquet(f"{root}/{folder}").take(1)
    return next((row[0] for row in rows if row[0]), 1)


def mark_stale(spark: SparkSession, root: str, rebuilt: DayRun) -> None:
    """Record that a run rebuilds published days, or days before them, from one day on."""
    folder = paths.checkpoint_prefix(REBUILT, rebuilt.day, rebuilt.run_id)
    files.write_text(spark, f"{root}/{folder}/{MARK}", "{}")


def write_checkpoint(spark: SparkSession, root: str, history: History, checkpoint: DayRun) -> None:
    """Write the state after a day, with its song identity version."""
    condensed = condense(history)
    for field, table in TABLES.items():
        folder = paths.checkpoint_prefix(table.name, checkpoint.day, checkpoint.run_id)
        rows: DataFrame = getattr(condensed, field)
        if table is CHART_SNAPSHOTS:
            rows = rows.coalesce(1)  # one file: it exists or it does not
            rows = rows.withColumn("identity_version", F.lit(IDENTITY_VERSION))
        rows.write.parquet(f"{root}/{folder}", compression="snappy")
