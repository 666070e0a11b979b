"""One run: the requested days, the later ones that depend on them, and the manifest.

The manifest is written last, so an interrupted run changes nothing. Later days are rebuilt from
their published data, without raw files: only their trends change.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from chartlake.contract.chart_files import describe_extra_columns
from chartlake.contract.counts import counted
from chartlake.contract.schema import Table
from chartlake.contract.tables import CHART_ENTRIES, CHART_SNAPSHOTS
from glue_jobs.build.arguments import JobConfig
from glue_jobs.build.batches import BUILT, Batches
from glue_jobs.build.carry_over import (
    carry_over,
    changed_charts,
    described,
    kept_charts,
    moved_songs,
)
from glue_jobs.build.days import Days, find_days
from glue_jobs.build.identity_version import (
    check_version,
    describe_upgraded,
    read_versions,
    upgrade,
)
from glue_jobs.frames import literal_frame
from glue_jobs.lake import checkpoints, commit, read
from glue_jobs.lake.checkpoints import DayRun
from glue_jobs.lake.commit import check_unchanged, read_published
from glue_jobs.raw.chart_files import count_extra_columns
from glue_jobs.raw.chart_settings import read_charts_file, with_settings
from glue_jobs.raw.read import count_raw_files, open_raw_files
from glue_jobs.tables.pipeline import build_charts
from glue_jobs.tables.song_identity import IDENTITY_VERSION
from glue_jobs.tables.songs import find_songs

logger = logging.getLogger("build_tables")


def run(spark: SparkSession, config: JobConfig) -> list[Row]:
    """Build and publish; return the unusable raw files, as listed in quarantine.

    Raises JobError if there is nothing to build from, the charts file is invalid, or the lake has
    ids of another version.
    """
    root = config.curated_root
    charts = read_charts_file(spark, config.charts_file)
    commit.finish_commits(spark, root)
    published = read.read_published_days(spark, root)
    days = find_days(spark, config.raw_root, config.start_date, config.end_date, published)
    first = days.asked[0]
    start = checkpoints.newest_checkpoint(spark, root, first)
    before = read_published(spark, root, published, start)
    versions = read_versions(spark, root, before.runs)
    check_version(spark, root, days, start, versions)
    history = checkpoints.read_history(spark, root, start, before.runs, first)
    parts = Batches(spark, config, charts, history)
    unusable, changed = _build_asked(parts, days, versions)
    built = [*days.asked, *_build_dependent(parts, days.later, changed)]
    check_unchanged(spark, root, start, before, config.run_id)
    this = DayRun(first, config.run_id)
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


def _build_asked(
    parts: Batches, days: Days, versions: Mapping[date, int]
) -> tuple[list[Row], set[tuple[str, str]]]:
    """Build the requested days; return unusable files, and the tables and charts that changed."""
    unusable: list[Row] = []
    changed: set[tuple[str, str]] = set()
    upgraded: list[tuple[str, date]] = []
    extra_columns: Counter[str] = Counter()
    for part in parts.of(days.asked, count_raw_files(parts.spark, parts.config, days)):
        captures, positions = open_raw_files(parts.spark, parts.config, parts.charts, days, part)
        is_new = days.published.isdisjoint(part)
        compared = [CHART_SNAPSHOTS] if is_new and not days.later else BUILT
        current = _published(parts, part, *compared)
        old = [day for day in part if versions.get(day, IDENTITY_VERSION) != IDENTITY_VERSION]
        if old:
            current = upgrade(current, old)
        charts = build_charts(captures, positions, current["chart_snapshots"])
        if old:
            kept = kept_charts(charts, current).where(F.col("snapshot_date").isin(old))
            upgraded += [(row["chart_id"], row["snapshot_date"]) for row in kept.collect()]
        if not is_new:
            charts = carry_over(charts, current)
        tables = parts.build(charts, part)
        parts.write(part)
        rejected_files = tables["quarantine"].where("position = 0")
        unusable += rejected_files.orderBy("source_file").collect()
        if not days.chart_files.isdisjoint(part):
            extra_columns += count_extra_columns(captures)
        if days.later:
            changed |= {tuple(row) for row in changed_charts(tables, current).collect()}
    for sentence in describe_upgraded(upgraded):
        logger.warning(sentence)
    if extra_columns:
        logger.info(describe_extra_columns(extra_columns))
    return unusable, changed


def _build_dependent(
    parts: Batches, later: Sequence[date], changed: set[tuple[str, str]]
) -> list[date]:
    """Rebuild published days that show a chart which changed before them; return those days.

    What a track was first seen as on one chart decides which song it is on all charts.
    """
    if not changed:
        return []
    since = {chart_id: later[0] for table, chart_id in changed if table != CHART_ENTRIES.name}
    if any(table == CHART_ENTRIES.name for table, _ in changed):
        since = _moved(parts, later) | since
    charts = literal_frame(
        parts.spark,
        [{"chart_id": chart_id, "since": day} for chart_id, day in since.items()],
        "chart_id string, since date",
    )
    snapshots = _published(parts, later, CHART_SNAPSHOTS)["chart_snapshots"]
    shown = snapshots.join(F.broadcast(charts), on="chart_id").where("snapshot_date >= since")
    dependent = [row[0] for row in shown.select("snapshot_date").distinct().collect()]
    logger.info(also_built(len(dependent)))
    # The other days are computed but not written: later days continue from them.
    for part in parts.of(later if dependent else [], {}):
        parts.build(described(_published(parts, part, *BUILT)), part)
        parts.write(sorted({*part} & {*dependent}))
    return sorted(dependent)


def also_built(days: int) -> str:
    """Report how many published days are built besides the requested ones."""
    return counted(
        days,
        "later day depends on these and is built too.",
        "later days depend on these and are built too.",
    )


def _moved(parts: Batches, later: Sequence[date]) -> dict[str, date]:
    """Find the charts that now show a song under another id, and the first day they do."""
    entries = _published(parts, later, CHART_ENTRIES)["chart_entries"]
    moved = moved_songs(entries, find_songs(entries, parts.history().entries))
    return {row["chart_id"]: row["since"] for row in moved.collect()}


def _published(parts: Batches, days: Sequence[date], *tables: Table) -> dict[str, DataFrame]:
    """Read tables of the current runs of some days; if there are none, the tables are empty.

    Snapshots get the current settings, because these rows may be published again.
    """
    spark, root = parts.spark, parts.config.curated_root
    runs = read.read_published_runs(spark, root, days)
    found = {table.name: read.read_table(spark, root, table, runs) for table in tables}
    if snapshots := found.get(CHART_SNAPSHOTS.name):
        found[CHART_SNAPSHOTS.name] = with_settings(snapshots, parts.charts)
    return found


def _write_checkpoint(parts: Batches, since: set[date]) -> None:
    """Write the state after the run if the next one would otherwise read many days."""
    config, last = parts.config, parts.last_day
    if last and len([day for day in since if day <= last]) >= config.checkpoint_days:
        at = DayRun(last, config.run_id)
        checkpoints.write_checkpoint(parts.spark, config.curated_root, parts.history(), at)
