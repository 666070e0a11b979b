"""Quality gates before publishing: which capture of a day becomes the chart of that day.

The last capture of a day is its chart, unless it fails a rule and an earlier one passes. If all
captures of a chart fail, only that chart is held back on that date, with the reason in quarantine.
If an earlier run has published the chart of that date, that one stays.

All rules use one count over the positions, so the data is read once.
"""

from collections.abc import Iterator
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from glue_jobs.frames import counted_column

KINDS = ("track", "null", "local", "episode", "rejected")
LEAST_OF_CURRENT_RUN = 0.8
"""A re-run that finds less than this share of the published entries has read broken data."""

DAYS_UNTIL_STALE = {"daily": 3, "weekly": 10}
"""Spotify sometimes leaves daily charts unrefreshed for a day; a chart older than this is stale."""

FIRST_REFRESH = "2008-10-07"
"""Spotify's first day. Playlists have shown 1970-01-01 as a placeholder."""

ENTRIES = ("entry", "entries")


def measure_captures(captures: DataFrame, positions: DataFrame, published: DataFrame) -> DataFrame:
    """Count the contents of each capture: one row per capture, key source_file.

    `edition_hash` is equal for two captures that show the same tracks at the same ranks.
    `published` has the chart_snapshots of these dates from their current runs.
    """
    is_track = F.col("kind") == "track"
    refreshed_at = F.when(is_track & (F.col("added_at") >= FIRST_REFRESH), F.col("added_at"))
    counts = positions.groupBy("source_file").agg(
        *[
            F.count_if(F.col("kind") == kind).cast("int").alias(f"{kind}_positions")
            for kind in KINDS
        ],
        F.count_distinct(F.when(is_track, F.col("rank"))).cast("int").alias("ranks"),
        F.max(F.when(is_track, F.col("rank"))).alias("last_rank"),
        F.count_if(is_track & F.col("track.album.id").isNull()).alias("without_album"),
        F.max(refreshed_at).alias("refreshed_at"),
        edition_hash(F.when(is_track, F.col("rank")), F.col("track.id")).alias("edition_hash"),
    )
    current = published.select(
        "snapshot_date", "chart_id", F.col("entries").alias("published_entries")
    )
    return (
        captures.join(counts, on="source_file", how="left")
        .na.fill(0, [*[f"{kind}_positions" for kind in KINDS], "ranks", "last_rank"])
        .join(current, on=["snapshot_date", "chart_id"], how="left")
    )


def edition_hash(rank: Column, track_id: Column) -> Column:
    """Aggregate the places of an edition into a hash; places with a null rank are ignored."""
    place = F.when(rank.isNotNull(), F.concat_ws(":", rank, track_id))
    return F.sha2(F.concat_ws(",", F.array_sort(F.collect_list(place))), 256)


def check_captures(measured: DataFrame) -> DataFrame:
    """Add `checks`, one entry per rule that applies, and `passed`, whether all passed."""
    checks = F.filter(F.array(*_checks()), lambda check: check["observed"].isNotNull())
    return measured.withColumn("checks", checks).withColumn(
        "passed", F.forall("checks", lambda check: check["passed"])
    )


def _checks() -> Iterator[Column]:
    """Yield each rule with its observed value, its limit and its failure message.

    In the failure message, %s is the observed number with the words that agree with it.
    """
    entries, tolerance = F.col("track_positions"), F.col("chart.tolerance")
    smallest = F.greatest(F.col("chart.expected_size") - tolerance, F.lit(1))
    yield _at_least("entries_at_least", entries, smallest, "it has %s and needs %,.0f", ENTRIES)
    twice = entries - F.col("ranks")
    places = reduce(Column.__add__, [F.col(f"{kind}_positions") for kind in KINDS])
    missing = F.greatest(F.col("last_rank") - places, F.lit(0))
    yield _at_most("ranks_held_twice", twice, F.lit(0), "%s duplicated", ("rank is", "ranks are"))
    yield _at_most(
        "ranks_missing",
        missing,
        tolerance,
        "%s missing; the limit is %,.0f",
        ("rank is", "ranks are"),
    )
    is_playlist = F.col("chart.source") == "playlist"
    without_album = F.when(is_playlist, F.coalesce("without_album", F.lit(0)))
    yield _at_most(
        "entries_without_album",
        without_album,
        tolerance,
        "%s no album; the limit is %,.0f",
        ("entry has", "entries have"),
    )
    least = F.ceil(F.col("published_entries") * LEAST_OF_CURRENT_RUN)
    yield _at_least(
        "entries_of_current_run",
        # Reported only if it fails, so that a re-run writes the same rows as the first run.
        F.when(entries < least, entries),
        least,
        "it has %s and needs %,.0f, four fifths of the published entries",
        ENTRIES,
    )
    # Null counts as true: no setting allows the chart to stay the same.
    expects_change = F.coalesce("expects_change", F.lit(True))
    yield _at_most(
        "days_since_refresh",
        F.when(expects_change, F.datediff("snapshot_date", "refreshed_at")),
        _by_cadence(),
        "Spotify last refreshed it %s before; the limit is %,.0f",
        ("day", "days"),
    )


def _by_cadence() -> Column:
    daily, weekly = DAYS_UNTIL_STALE["daily"], DAYS_UNTIL_STALE["weekly"]
    return F.when(F.col("chart.cadence") == "weekly", weekly).otherwise(daily)


Words = tuple[str, str]
"""The words that agree with the observed number: for one, and for any other number."""


def _at_least(
    rule: str, observed: Column, limit_value: Column, failure: str, words: Words
) -> Column:
    return _check(rule, observed, limit_value, observed >= limit_value, failure, words)


def _at_most(
    rule: str, observed: Column, limit_value: Column, failure: str, words: Words
) -> Column:
    return _check(rule, observed, limit_value, observed <= limit_value, failure, words)


def _check(
    rule: str, observed: Column, limit_value: Column, passed: Column, failure: str, words: Words
) -> Column:
    observed, limit_value = observed.cast("double"), limit_value.cast("double")
    return F.struct(
        F.lit(rule).alias("rule"),
        observed.alias("observed"),
        limit_value.alias("limit_value"),
        passed.alias("passed"),
        F.format_string(failure, counted_column(observed, *words), limit_value).alias("failure"),
    )


def choose_captures(checked: DataFrame) -> DataFrame:
    """Keep one capture per chart and date: the last that passed, else the last."""
    newest_fit_first = Window.partitionBy("snapshot_date", "chart_id").orderBy(
        F.desc("passed"), F.desc("captured_at"), F.desc("source_file")
    )
    return (
        checked.withColumn("place", F.row_number().over(newest_fit_first))
        .where("place = 1")
        .drop("place")
    )


def build_quality_results(chosen: DataFrame) -> DataFrame:
    """One row per chart, date and rule, for the capture chosen for the day."""
    return chosen.select("snapshot_date", "chart_id", F.inline("checks")).drop("failure")


def build_quarantine(files: DataFrame, positions: DataFrame, checked: DataFrame) -> DataFrame:
    """One row per unusable file, held-back capture or rejected entry; position 0 is the file."""
    whole_file = F.lit(0).alias("position")
    columns = ["snapshot_date", "chart_id", "source_file", "position", "reason", "record"]
    unusable = files.where("reason is not null").select(*columns[:3], whole_file, *columns[4:])
    held_back = checked.where("not passed").select(
        *columns[:3], whole_file, _held_back_reason().alias("reason"), F.lit(None).cast("string")
    )
    rejected = positions.where("kind = 'rejected'").select(
        *columns[:3], "position", "reason", "record"
    )
    return unusable.union(held_back).union(rejected).toDF(*columns)


def _held_back_reason() -> Column:
    failed = F.filter("checks", lambda check: ~check["passed"])
    failures = F.concat_ws("; ", F.transform(failed, lambda check: check["failure"]))
    return F.concat(F.lit("The capture is held back: "), failures, F.lit("."))
