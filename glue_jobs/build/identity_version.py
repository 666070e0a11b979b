"""Keeps ids of two song identity versions apart: with both in one lake, every song debuts again.

A run on a lake of another version is rejected, unless it builds all published days. Then days and
charts without raw files are rebuilt from the published titles and artists.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from chartlake.contract import paths
from chartlake.contract.tables import LOAD_MANIFEST
from glue_jobs.build.carry_over import CHART_DAY
from glue_jobs.build.days import Days
from glue_jobs.job.errors import JobError
from glue_jobs.lake import checkpoints, read
from glue_jobs.lake.checkpoints import DayRun
from glue_jobs.raw.json_values import NOT_BLANK
from glue_jobs.tables.quality import edition_hash
from glue_jobs.tables.song_identity import IDENTITY_VERSION, artist_id_of_name, song_key

BY_TRACK = ["snapshot_date", "track_id"]
BY_ARTIST = ["snapshot_date", "artist_id"]


def read_versions(spark: SparkSession, root: str, runs: read.Runs) -> dict[date, int]:
    """Read the version of each day's current run; the default is 1."""
    if not runs:
        return {}
    folders = [
        f"{root}/{paths.run_prefix(LOAD_MANIFEST.name, day, run_id)}"
        for day, run_id in runs.items()
    ]
    manifests = read.read_parquet(spark, LOAD_MANIFEST, folders)
    version = F.coalesce("identity_version", F.lit(1)).alias("version")
    found = manifests.select("snapshot_date", version).collect()
    return {row["snapshot_date"]: row["version"] for row in found}


def check_version(
    spark: SparkSession,
    root: str,
    days: Days,
    start: DayRun | None,
    versions: Mapping[date, int],
) -> None:
    """Raise JobError if ids of another version would remain beside those of this run.

    `versions` has the published days after the checkpoint that the run starts from.
    """
    if days.published <= {*days.asked}:
        return
    others = {version for version in versions.values() if version != IDENTITY_VERSION}
    if start:
        others |= {checkpoints.read_version(spark, root, start)} - {IDENTITY_VERSION}
    if not others:
        return
    first, last = min(days.published), max(days.published)
    if max(others) > IDENTITY_VERSION:
        raise JobError(
            f"The lake has song identity version {max(others)}, but this program has version "
            f"{IDENTITY_VERSION}. Update the program. Nothing was published."
        )
    raise JobError(
        f"The lake has song identity version {min(others)}, but this program has version "
        f"{IDENTITY_VERSION}. Nothing is published until the lake is rebuilt with "
        f"`chartlake build --from {first} --to {last} --lake folder`, or on AWS with "
        f"`chartlake aws run … --from {first} --to {last} --backfill` (docs/upgrading.md)."
    )


def describe_upgraded(charts: Iterable[tuple[str, date]]) -> list[str]:
    """Write a sentence for each chart and span of days without usable raw files."""
    spans: list[tuple[str, date, date]] = []
    for chart_id, day in sorted(charts):
        if spans and spans[-1][0] == chart_id and day - spans[-1][2] <= timedelta(days=1):
            spans[-1] = (chart_id, spans[-1][1], day)
        else:
            spans.append((chart_id, day, day))
    return [
        f"{chart_id}, {first if first == last else f'{first} to {last}'}: no usable raw file; "
        "rebuilt from the published titles and artists."
        for chart_id, first, last in spans
    ]


def upgrade(published: Mapping[str, DataFrame], days: Collection[date]) -> dict[str, DataFrame]:
    """Convert rows that another version published on some days to the keys of this version.

    Maps table names to frames, as `carry_over` takes them. A track without a title or a named
    artist becomes a missing place. Rows of other days are unchanged.
    """
    is_old = F.col("snapshot_date").isin(list(days))
    old = {name: rows.where(is_old) for name, rows in published.items()}
    return {
        name: published[name].where(~is_old).unionByName(rows)
        for name, rows in _upgraded(old).items()
    }


def _upgraded(old: Mapping[str, DataFrame]) -> dict[str, DataFrame]:
    artists = old["artists"].withColumn("new_id", _artist_id())
    new_ids = artists.select(*BY_ARTIST, "new_id", "name")
    credited = old["track_artists"].join(new_ids, on=BY_ARTIST)
    names = credited.groupBy(*BY_TRACK).agg(F.collect_list("name").alias("names"))
    named = (
        old["tracks"]
        .join(names, on=BY_TRACK)
        .where(F.col("name").rlike(NOT_BLANK))
        .where(F.exists("names", lambda name: name.rlike(NOT_BLANK)))
        .select(*BY_TRACK, song_key(F.col("name"), F.col("names")).alias("song_key"))
    )
    entries = old["chart_entries"].drop("song_key").join(named, on=BY_TRACK)
    return {
        **old,
        "artists": _one_per_artist(artists, old["artists"].columns),
        "track_artists": credited.groupBy(*BY_TRACK, F.col("new_id").alias("artist_id")).agg(
            F.min("position").alias("position")
        ),
        "tracks": old["tracks"].join(named, on=BY_TRACK, how="left_semi"),
        "chart_entries": entries,
        "chart_snapshots": _recount(old["chart_snapshots"], entries),
    }


def _artist_id() -> Column:
    made_of_name = F.col("artist_id").startswith("name:")
    return F.when(made_of_name, artist_id_of_name(F.col("name"))).otherwise(F.col("artist_id"))


def _one_per_artist(artists: DataFrame, columns: list[str]) -> DataFrame:
    """Keep the first of several ids of the older version that are now one."""
    first = F.min_by(F.struct(*columns), "artist_id").alias("first")
    return (
        artists.groupBy("snapshot_date", "new_id")
        .agg(first)
        .select("new_id", "first.*")
        .withColumn("artist_id", F.col("new_id"))
        .select(columns)
    )


def _recount(snapshots: DataFrame, entries: DataFrame) -> DataFrame:
    """Count places that no longer hold a track as missing."""
    counts = entries.groupBy(*CHART_DAY).agg(
        F.count("*").cast("int").alias("kept"),
        edition_hash(F.col("rank"), F.col("track_id")).alias("kept_hash"),
    )
    kept = F.coalesce("kept", F.lit(0))
    missing = F.col("entries") - kept
    recounted = snapshots.join(counts, on=CHART_DAY, how="left").select(
        *snapshots.columns, kept.alias("kept"), missing.alias("missing"), "kept_hash"
    )
    return (
        recounted.withColumn("null_entries", F.col("null_entries") + F.col("missing"))
        .withColumn("entries", F.col("kept"))
        .withColumn("edition_hash", F.coalesce("kept_hash", "edition_hash"))
        .select(snapshots.columns)
    )
