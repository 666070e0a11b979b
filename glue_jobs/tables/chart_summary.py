"""chart_summary: the trends of one edition in one row."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

EDITION = ["chart_id", "snapshot_date"]


def build_chart_summary(
    editions: DataFrame,
    trends: DataFrame,
    exits: DataFrame,
    tracks: DataFrame,
    albums: DataFrame,
    artist_trends: DataFrame,
) -> DataFrame:
    """One row per chart and edition.

    Shares are quotients of whole numbers, so any order of summation gives the same double.
    """
    moves = trends.groupBy(*EDITION).agg(
        F.count("*").cast("int").alias("entries"),
        F.count_if(F.col("movement") == "debut").cast("int").alias("debuts"),
        F.count_if(F.col("movement") == "re_entry").cast("int").alias("re_entries"),
    )
    gone = exits.groupBy(*EDITION).agg(F.count("*").cast("int").alias("exits"))
    summary = (
        editions.join(moves, on=EDITION, how="inner")
        .join(gone, on=EDITION, how="left")
        .join(_songs(trends, tracks, albums), on=EDITION, how="left")
        .join(_concentration(artist_trends), on=EDITION, how="left")
    )
    turnover = F.expr("(debuts + re_entries) / entries")
    return summary.select(
        "snapshot_date",
        "chart_id",
        "entries",
        "debuts",
        "re_entries",
        F.coalesce("exits", F.lit(0)).alias("exits"),
        F.when(F.col("previous_edition").isNotNull(), turnover).alias("turnover"),
        "median_duration_ms",
        "explicit_share",
        "median_release_age_days",
        "artist_concentration",
    )


def _songs(trends: DataFrame, tracks: DataFrame, albums: DataFrame) -> DataFrame:
    described = (
        trends.select(*EDITION, "track_id")
        .join(tracks, on=["snapshot_date", "track_id"], how="left")
        .join(albums, on=["snapshot_date", "album_id"], how="left")
    )
    age = F.expr("if(release_date_precision = 'day', datediff(snapshot_date, release_date), null)")
    return described.groupBy(*EDITION).agg(
        F.median("duration_ms").alias("median_duration_ms"),
        F.expr("count_if(explicit) / nullif(count(explicit), 0)").alias("explicit_share"),
        F.median(age).alias("median_release_age_days"),
    )


def _concentration(artist_trends: DataFrame) -> DataFrame:
    index = F.expr(
        "cast(sum(cast(chart_points as bigint) * chart_points) as double)"
        " / (sum(chart_points) * sum(chart_points))"
    )
    return artist_trends.groupBy(*EDITION).agg(index.alias("artist_concentration"))
