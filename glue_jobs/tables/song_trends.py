"""chart_entries -> song_trends and chart_exits: the history of each song on the charts.

The definitions are Spotify's own: `previous_rank` is the rank in the previous edition,
`days_on_chart` is cumulative and never resets, `peak_rank` is the best so far. Editions are
counted, not calendar days, so a day that was never captured is a gap and not a drop-out.

Everything continues from `state`: the newest published row of song_trends of each song before
these dates. One day and ten years take the same computation and give the same rows.
"""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from chartlake.contract.tables import SONG_TRENDS
from glue_jobs.tables.history import keep_newest

SONG = ["chart_id", "song_id"]


def build_editions(snapshots: DataFrame, editions_before: DataFrame) -> DataFrame:
    """List the editions: one row per chart and edition, with the date of the one before it.

    `editions_before` has the newest published edition of each chart (chart_id, snapshot_date).
    `previous_edition` is null for the first edition of a chart that was ever published.
    """
    editions = (
        snapshots.where("not is_repeat")
        .select("chart_id", "snapshot_date", F.lit(False).alias("is_published"))
        .unionByName(
            editions_before.select("chart_id", "snapshot_date", F.lit(True).alias("is_published"))
        )
    )
    by_date = Window.partitionBy("chart_id").orderBy("snapshot_date")
    return (
        editions.withColumn("previous_edition", F.lag("snapshot_date").over(by_date))
        .where("not is_published")
        .select("chart_id", "snapshot_date", "previous_edition")
    )


def select_state(songs: DataFrame, entries: DataFrame, editions_before: DataFrame) -> DataFrame:
    """Keep the history that a run needs: one row per chart and song, its newest in song_trends.

    A run needs the songs of `entries`, and those on each chart's newest edition, which may leave
    it. All others are not sorted: a day costs the same after ten days and after ten years.
    """
    charted = entries.select(*SONG, F.lit(True).alias("is_charted")).distinct()
    newest = editions_before.select("chart_id", F.col("snapshot_date").alias("newest_edition"))
    needed = (
        songs.join(F.broadcast(charted), on=SONG, how="left")
        .join(F.broadcast(newest), on="chart_id", how="left")
        .where("is_charted or snapshot_date = newest_edition")
    )
    return keep_newest(needed.select(*songs.columns), *SONG)


def build_song_trends(entries: DataFrame, editions: DataFrame, state: DataFrame) -> DataFrame:
    """One row per chart, song and edition that it appears in, at its better rank."""
    charted = entries.join(F.broadcast(editions), on=["chart_id", "snapshot_date"], how="inner")
    timeline = charted.withColumn("is_known", F.lit(False)).unionByName(
        state.withColumn("is_known", F.lit(True)), allowMissingColumns=True
    )
    return (
        _follow(_one_row_per_song(timeline))
        .where("not is_known")
        .select(*[column for column in SONG_TRENDS.column_names if column != "run_id"])
    )


def _one_row_per_song(timeline: DataFrame) -> DataFrame:
    """Count a song once if it is on a chart twice in a day, at its better rank.

    This uses the same partitioning and order as the window that follows the song: an aggregation
    would shuffle and sort all rows once more.
    """
    by_date = Window.partitionBy(*SONG).orderBy("snapshot_date")
    same_day = by_date.rangeBetween(Window.currentRow, Window.currentRow)
    return (
        timeline.withColumn("better_rank", F.min("rank").over(same_day))
        .withColumn("streams", F.sum("streams").over(same_day))
        .where("rank = better_rank")
    )


def _follow(timeline: DataFrame) -> DataFrame:
    """Follow each song along its rows; a row of the state represents everything before it.

    A streak is the count up to a row minus the count up to the last break. Both are running sums
    over the same window, so no second sort is needed.
    """
    by_date = Window.partitionBy(*SONG).orderBy("snapshot_date")
    so_far = by_date.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    counted = (
        timeline.withColumn("last_seen", F.lag("snapshot_date").over(by_date))
        .withColumn("last_rank", F.lag("rank").over(by_date))
        .withColumn("last_streams", F.lag("streams").over(by_date))
        .withColumn("continues", F.expr("coalesce(last_seen = previous_edition, false)"))
        .withColumn("streak_before", F.sum(F.coalesce("streak_days", F.lit(1))).over(so_far))
    )
    base = F.expr("if(continues, 0, streak_before - coalesce(streak_days, 1))")
    days = F.sum(F.coalesce("days_on_chart", F.lit(1))).over(so_far)
    return counted.select(
        "snapshot_date",
        *SONG,
        "track_id",
        "rank",
        F.expr("if(continues, last_rank, null)").alias("previous_rank"),
        F.expr("if(continues, last_rank - rank, null)").alias("rank_change"),
        F.min(F.coalesce("peak_rank", "rank")).over(so_far).alias("peak_rank"),
        days.cast("int").alias("days_on_chart"),
        (F.col("streak_before") - F.max(base).over(so_far)).cast("int").alias("streak_days"),
        F.min(F.coalesce("first_charted_on", "snapshot_date"))
        .over(so_far)
        .alias("first_charted_on"),
        F.expr(MOVEMENT).alias("movement"),
        "streams",
        F.expr("if(continues, streams - last_streams, null)").alias("streams_change"),
        "is_known",
    )


MOVEMENT = """
    case
        when last_seen is null then 'debut'
        when not continues then 're_entry'
        when rank < last_rank then 'up'
        when rank > last_rank then 'down'
        else 'same'
    end
"""


def build_chart_exits(trends: DataFrame, editions: DataFrame, state: DataFrame) -> DataFrame:
    """One row per chart, song and edition in which it no longer appears."""
    before = editions.where("previous_edition is not null").select(
        "chart_id",
        F.col("previous_edition").alias("last_charted_on"),
        F.col("snapshot_date").alias("left_on"),
    )
    followed = state.unionByName(trends, allowMissingColumns=True).withColumn(
        "last_charted_on", F.col("snapshot_date")
    )
    stayed = trends.select(*SONG, F.col("snapshot_date").alias("left_on"))
    return (
        followed.join(before, on=["chart_id", "last_charted_on"], how="inner")
        .join(stayed, on=[*SONG, "left_on"], how="left_anti")
        .select(
            F.col("left_on").alias("snapshot_date"),
            *SONG,
            "track_id",
            F.col("rank").alias("last_rank"),
            "peak_rank",
            "days_on_chart",
            "streak_days",
            "last_charted_on",
        )
    )
