"""One run: the days asked for, the later ones that depend on them, and the manifest.

The manifest is written last, so that a run that is cut has changed nothing. Later days are
built from what is published of them, without their raw files: they get new trends and nothing else.
"""

import logging
from collections.abc import Sequence
from datetime import date

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from chartlake.counts import counted
from chartlake.schema import Table
from chartlake.tables import CHART_SNAPSHOTS
from glue_jobs import checkpoints, commit, read
from glue_jobs.all_tables import build_charts
from glue_jobs.arguments import JobConfig
from glue_jobs.carry_over import carry_over, changed_charts, described
from glue_jobs.checkpoints import Checkpoint
from glue_jobs.days import Days, find_days
from glue_jobs.parts import BUILT, Parts
from glue_jobs.published import check_unchanged, read_published
from glue_jobs.raw_files import count_raw_files, open_raw_files

logger = logging.getLogger("build_tables")


def run(spark: SparkSession, config: JobConfig) -> list[Row]:
    """Build and publish; return the raw files that could not be used, as quarantine has them.

    Raises JobError where there is nothing to build from.
    """
    root = config.curated_root
    commit.finish_commits(spark, root)
    published = read.read_published_days(spark, root)
    days = find_days(spark, config.raw_root, config.start_date, config.end_date, published)
    first = days.asked[0]
    start = checkpoints.newest_checkpoint(spark, root, first)
    before = read_published(spark, root, published, start)
    parts = Parts(spark, config, checkpoints.read_history(spark, root, start, before.runs, first))
    unusable, changed = _build_asked(parts, days)
    built = [*days.asked, *_build_dependent(parts, days.later, changed)]
    check_unchanged(spark, root, start, before, config.run_id)
    this = Checkpoint(first, config.run_id)
    if published and published[-1] >= first:
        checkpoints.mark_stale(spark, root, this)
    commit.commit(spark, root, this, parts.counts_of(built), config.started_at)
    for table, counts in parts.counts.items():
        logger.info("%-16s %16s", table, counted(sum(counts.values()), "row"))
    logger.info("Published run %s.", config.run_id)
    since = {day for day in {*published, *built} if start is None or day > start.day}
    _write_checkpoint(parts, since)
    for file in unusable:
        logger.error("%s: %s", file["source_file"], file["reason"])
    return unusable


def _build_asked(parts: Parts, days: Days) -> tuple[list[Row], set[str]]:
    """Build the days asked for; return what is unusable, and the charts whose trends changed."""
    unusable: list[Row] = []
    changed: set[str] = set()
    for part in parts.of(days.asked, count_raw_files(parts.spark, parts.config, days)):
        captures, positions = open_raw_files(parts.spark, parts.config, days, part)
        is_new = days.published.isdisjoint(part)
        compared = [CHART_SNAPSHOTS] if is_new and not days.later else BUILT
        current = _published(parts, part, *compared)
        charts = build_charts(captures, positions, current["chart_snapshots"])
        if not is_new:
            charts = carry_over(charts, current)
        tables = parts.build(charts, part)
        parts.write(part)
        rejected_files = tables["quarantine"].where("position = 0")
        unusable += rejected_files.orderBy("source_file").collect()
        if days.later:
            changed |= {row["chart_id"] for row in changed_charts(tables, current).collect()}
    return unusable, changed


def _build_dependent(parts: Parts, later: Sequence[date], changed: set[str]) -> list[date]:
    """Build published days anew that show a chart which changed before them; return those days."""
    if not changed:
        return []
    snapshots = _published(parts, later, CHART_SNAPSHOTS)["chart_snapshots"]
    shown = snapshots.where(F.col("chart_id").isin(*changed)).select("snapshot_date").distinct()
    dependent = [row["snapshot_date"] for row in shown.collect()]
    logger.info(also_built(len(dependent)))
    # The other days are followed without being written: they are part of what was before.
    for part in parts.of(later if dependent else [], {}):
        parts.build(described(_published(parts, part, *BUILT)), part)
        parts.write(sorted({*part} & {*dependent}))
    return sorted(dependent)


def also_built(days: int) -> str:
    """Say how many published days are built besides those asked for."""
    return counted(
        days,
        "later day depends on these and is built too.",
        "later days depend on these and are built too.",
    )


def _published(parts: Parts, days: Sequence[date], *tables: Table) -> dict[str, DataFrame]:
    """Read some tables of the current runs of some days; where there is none, they are empty."""
    spark, root = parts.spark, parts.config.curated_root
    runs = read.read_published_runs(spark, root, days)
    return {table.name: read.read_table(spark, root, table, runs) for table in tables}


def _write_checkpoint(parts: Parts, since: set[date]) -> None:
    """Write the state after the run where the next one would have many days to read."""
    config, last = parts.config, parts.last_day
    if last and len([day for day in since if day <= last]) >= config.checkpoint_days:
        at = Checkpoint(last, config.run_id)
        checkpoints.write_checkpoint(parts.spark, config.curated_root, parts.history(), at)
