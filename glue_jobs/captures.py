"""Raw files -> captures -> positions: what each capture holds, place by place.

From the text of every raw file of the days to captures (one row per readable file), to positions
(one row per place on the chart). Spotify puts nulls, local files and podcast episodes among the
tracks: they keep their place, so that ranks are the chart's own, and are counted.
"""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from chartlake.charts import SPOTIFYS_OWN
from glue_jobs.raw_schema import CAPTURE, CORRUPT, ENTRY

DATE_FOLDER = r"/dt=([^/]+)/"
CHART_FOLDER = r"/chart=([^/]+)/[^/]+$"
INSTANT = r"^[12]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})\z"
TRACK_ID = r"^[0-9A-Za-z]+\z"
SETTINGS = ("name", "market", "source", "cadence", "expected_size", "tolerance")


def parse_files(files: DataFrame) -> DataFrame:
    """Read raw files (source_file, value) as captures: one row per file, key source_file.

    `reason` says in a sentence why a file cannot be used, and is null where it can. `days_behind`
    is null: the charts file says it, and no capture.
    """
    parsed = files.select(
        "source_file",
        F.to_date(F.regexp_extract("source_file", DATE_FOLDER, 1)).alias("folder_date"),
        F.regexp_extract("source_file", CHART_FOLDER, 1).alias("folder_chart"),
        "value",
        F.is_valid_utf8("value").alias("is_utf8"),
        F.from_json(F.make_valid_utf8("value"), CAPTURE).alias("capture"),
    )
    return parsed.select(
        "source_file",
        F.col("folder_date").alias("snapshot_date"),
        F.col("folder_chart").alias("chart_id"),
        "capture.chart",
        _expects_change().alias("expects_change"),
        F.lit(None).cast("int").alias("days_behind"),
        _instant(F.col("capture.captured_at")).alias("captured_at"),
        F.col("capture.payload.snapshot_id").alias("spotify_snapshot_id"),
        F.col("capture.payload.items").alias("entries"),
        _file_reason().alias("reason"),
        F.substring(F.make_valid_utf8("value"), 1, 10_000).alias("record"),
    )


def _instant(text: Column) -> Column:
    """Read an instant as ISO 8601 writes it; null where the text is none."""
    return F.when(text.rlike(INSTANT), F.try_to_timestamp(text))


def _expects_change() -> Column:
    """Read the setting; captures from before it existed get the default of charts.toml."""
    is_spotifys = F.col("capture.chart.playlist_id").startswith(SPOTIFYS_OWN)
    by_app = F.coalesce("capture.chart.login", F.lit("app")) == "app"
    known = F.col("capture.chart.expects_change").try_cast("boolean")
    return F.coalesce(known, is_spotifys & by_app)


def _file_reason() -> Column:
    date_differs = ~F.col("capture.snapshot_date").eqNullSafe(F.col("folder_date"))
    chart_differs = ~F.col("capture.chart.chart_id").eqNullSafe(F.col("folder_chart"))
    settings = [F.col(f"capture.chart.{name}") for name in SETTINGS]
    incomplete = reduce(
        Column.__or__,
        [setting.isNull() for setting in settings],
        _instant(F.col("capture.captured_at")).isNull() | F.col("capture.payload.items").isNull(),
    )
    unreadable = F.col("capture").isNull() | F.col(f"capture.{CORRUPT}").isNotNull()
    return (
        F.when(~F.col("is_utf8"), "The file is not UTF-8.")
        .when(unreadable, "The file is not JSON of a capture.")
        .when(date_differs | chart_differs, "The file's chart or date is not that of its folder.")
        .when(incomplete, "The file lacks captured_at, the chart's settings or the entries.")
    )


def explode_positions(captures: DataFrame) -> DataFrame:
    """Open usable captures: one row per capture and place, key source_file and position.

    `kind` is track, null, local, episode or rejected. A playlist's ranks are its places.
    """
    opened = captures.select(
        "source_file",
        "snapshot_date",
        "chart_id",
        "captured_at",
        F.posexplode("entries").alias("index", "text"),
    )
    read = opened.withColumn("entry", F.from_json("text", ENTRY))
    track = F.coalesce("entry.item", "entry.track")
    return read.withColumn("track", track).select(
        "source_file",
        "snapshot_date",
        "chart_id",
        "captured_at",
        (F.col("index") + 1).alias("position"),
        (F.col("index") + 1).alias("rank"),
        F.lit(None).cast("bigint").alias("streams"),
        _instant(F.col("entry.added_at")).alias("added_at"),
        "track",
        _kind().alias("kind"),
        F.substring("text", 1, 10_000).alias("record"),
    )


def _kind() -> Column:
    is_local = F.coalesce("entry.is_local", "track.is_local", F.lit(False))
    is_whole = (
        F.col("track.id").rlike(TRACK_ID)
        & F.col("track.name").isNotNull()
        & F.coalesce(F.size("track.artists") > 0, F.lit(False))
        & F.coalesce(
            F.forall("track.artists", lambda a: a["id"].isNotNull() & a["name"].isNotNull()),
            F.lit(False),
        )
    )
    added_at = F.col("entry.added_at")
    is_undated = added_at.isNotNull() & _instant(added_at).isNull()
    return (
        F.when(F.col(f"entry.{CORRUPT}").isNotNull() | is_undated, "rejected")
        .when(F.col("track").isNull(), "null")
        .when(F.col("track.type") == "episode", "episode")
        .when(is_local, "local")
        .when(is_whole, "track")
        .otherwise("rejected")
    )
