"""chart_entries -> song_trends and chart_exits: what the charts say of each song over time.

The meanings are Spotify's own: `previous_rank` is the rank in the edition before, `days_on_chart`
is cumulative and never resets, `peak_rank` is the best so far. Editions are counted, not calendar
days, so that a day that was never captured is a gap and not a drop-out.

Everything continues from `state`: the newest row of song_trends that is published of each song
before these dates. One day and ten years are the same computation, and give the same rows.
"""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from chartlake.tables import SONG_TRENDS

SONG = ["chart_id", "song_id"]


def build_editions(snapshots: DataFrame, state: DataFrame) -> DataFrame:
    """Line up the editions: one row per chart and edition, with the date of the one before it.

    `previous_edition` is null for the first edition of a chart that was ever published.
    """
    published = state.groupBy("chart_id").agg(F.max("snapshot_date").alias("snapshot_date"))
    editions = (
        snapshots.where("not is_repeat")
        .select("chart_id", "snapshot_date", F.lit(False).alias("is_published"))
        .unionByName(published.withColumn("is_published", F.lit(True)))
    )
    by_date = Window.partitionBy("chart_id").orderBy("snapshot_date")
    return (
        editions.withColumn("previous_edition", F.lag("snapshot_date").over(by_date))
        .where("not is_published")
        .select("chart_id", "snapshot_date", "previous_edition")
    )


def build_song_trends(entries: DataFrame, editions: DataFrame, state: DataFrame) -> DataFrame:
    """One row per chart, song and edition that it stands on, at its better rank."""
    charted = (
        _one_row_per_song(entries)
        .join(editions, on=["chart_id", "snapshot_date"], how="inner")
        .withColumn("is_known", F.lit(False))
    )
    timeline = charted.unionByName(
        state.withColumn("is_known", F.lit(True)), allowMissingColumns=True
    )
    return (
        _follow(timeline)
        .where("not is_known")
        .select(*[column for column in SONG_TRENDS.column_names if column != "run_id"])
    )


def _one_row_per_song(entries: DataFrame) -> DataFrame:
    """Count a song once where it stands on a chart twice in a day: at its better rank."""
    return (
        entries.groupBy("snapshot_date", *SONG)
        .agg(F.min(F.struct("rank", "track_id")).alias("better"), F.sum("streams").alias("streams"))
        .select("snapshot_date", *SONG, "better.rank", "better.track_id", "streams")
    )


def _follow(timeline: DataFrame) -> DataFrame:
    """Follow each song along its rows; a row of the state stands for all that came before it.

    A streak is what was counted up to a row less what was counted up to the last break: both are
    running sums over the one window, so that no second sort is needed.
    """
    so_far = Window.partitionBy(*SONG).orderBy("snapshot_date")
    counted = (
        timeline.withColumn("last_seen", F.lag("snapshot_date").over(so_far))
        .withColumn("last_rank", F.lag("rank").over(so_far))
        .withColumn("last_streams", F.lag("streams").over(so_far))
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
    """One row per chart, song and edition that no longer shows it."""
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
