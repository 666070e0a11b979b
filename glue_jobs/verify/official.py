"""Rows of chart files -> segments without gaps, each treated as its own chart.

The first edition of a segment is its seed: what it says about each song is taken as known, like
the published state that a run starts from, and is not compared.
"""

from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from glue_jobs.frames import checkpointed
from glue_jobs.tables.song_identity import song_key
from glue_jobs.tables.song_trends import SONG
from glue_jobs.tables.songs import POSITION, find_songs

COLUMNS = ("previous_rank", "peak_rank", "days_on_chart")
"""Spotify's own trend columns."""

FIRST_EDITIONS = {"daily": date(2017, 1, 1), "weekly": date(2016, 12, 29)}
"""The oldest editions that charts.spotify.com offers. spotifycharts.com named the same week
2016-12-23--2016-12-30; no chart counts more days or weeks than these dates allow."""

REJECTED = ("source_file", "position", "kind", "record")
"""Columns that describe an unreadable row."""

OTHER = "A newer file of its chart and day exists."


def choose(captures: DataFrame) -> DataFrame:
    """Leave one usable file per chart and day, the newest; one row per file, key source_file."""
    newest_first = Window.partitionBy("chart_id", "snapshot_date", F.isnull("reason")).orderBy(
        F.desc("captured_at"), F.desc("source_file")
    )
    place = F.row_number().over(newest_first)
    reason = F.when(F.col("reason").isNull() & (place > 1), OTHER).otherwise(F.col("reason"))
    return captures.withColumn("reason", reason)


def cut_segments(captures: DataFrame) -> DataFrame:
    """Split charts into segments: one row per chart and edition from its segment's seed on.

    `chart_id` becomes the chart and its seed's date; `chart` is the original chart_id. A file of
    the old format has no state, so the seed is the first file in the site's own format.
    `editions_before` is the possible number of editions of the chart before the seed.
    """
    by_date = Window.partitionBy("chart_id").orderBy("snapshot_date")
    days = F.datediff("snapshot_date", F.lag("snapshot_date").over(by_date))
    follows = F.coalesce(days == F.expr("if(chart.cadence = 'daily', 1, 7)"), F.lit(False))
    begun = F.max(F.when(~follows, F.col("snapshot_date"))).over(by_date)
    seed = F.min(F.when(~F.col("is_old"), F.col("snapshot_date"))).over(
        Window.partitionBy("chart_id", "begun")
    )
    return (
        captures.withColumn("begun", begun)
        .withColumn("seed", seed)
        .where("snapshot_date >= seed")
        .select(
            F.col("chart_id").alias("chart"),
            F.concat_ws(" from ", "chart_id", "seed").alias("chart_id"),
            "snapshot_date",
            (F.col("snapshot_date") == F.col("seed")).alias("is_seed"),
            _editions_before().alias("editions_before"),
        )
    )


def _editions_before() -> Column:
    daily, weekly = (
        F.datediff("seed", F.lit(FIRST_EDITIONS[cadence])) for cadence in ("daily", "weekly")
    )
    editions = F.when(F.col("chart.cadence") == "daily", daily).otherwise(F.floor(weekly / 7))
    return F.greatest(editions, F.lit(0)).cast("int")


def identify(rows: DataFrame) -> DataFrame:
    """Add `track_id` and `song_id` to the rows of all files, key source_file and position.

    All charts of the files count, as in a lake. Both are null if the row is rejected.
    """
    key = song_key(F.col("track.name"), F.col("track.artists.name"))
    keyed = checkpointed(
        rows.withColumn("track_id", F.col("track.id")).withColumn(
            "song_key", F.when(F.col("track").isNotNull(), key)
        )
    )
    entries = keyed.where("kind = 'track'").select(*POSITION, "track_id", "song_key")
    nothing_before = entries.withColumn("song_id", F.lit(None).cast("string")).where("false")
    songs = find_songs(entries, nothing_before)
    return keyed.join(F.broadcast(songs), on="track_id", how="left")


def read_entries(rows: DataFrame, segments: DataFrame) -> DataFrame:
    """Keep the identified rows of the segments' editions: one row per segment, date and position.

    `kind` is as in `explode_rows`; only rejected rows keep their `record`.
    `official` has the file's own numbers. `is_told` says which of them are present, because a
    previous rank of -1 also becomes null: the song was not on the chart.
    """
    official = {name: F.expr(f"try_cast(official.{name} as int)") for name in COLUMNS}
    is_present = [number.isNotNull().alias(name) for name, number in official.items()]
    previous = F.nullif(official["previous_rank"], F.lit(-1))
    numbers = {**official, "previous_rank": previous}
    return (
        rows.withColumnRenamed("chart_id", "chart")
        .join(F.broadcast(segments), on=["chart", "snapshot_date"])
        .select(
            *("chart", "chart_id", "snapshot_date", "is_seed", "rank", "streams"),
            *("source_file", "position", "kind"),
            F.when(F.col("kind") == "rejected", F.col("record")).alias("record"),
            *("track_id", "song_id"),
            F.col("track.name").alias("title"),
            F.concat_ws(", ", "track.artists.name").alias("artists"),
            F.struct(*[number.alias(name) for name, number in numbers.items()]).alias("official"),
            F.struct(*is_present).alias("is_told"),
        )
    )


def state_of(seeds: DataFrame) -> DataFrame:
    """Convert the seeds into the state: one row per segment and song, as in song_trends.

    A song that is on the seed twice counts at its better rank.
    """
    return seeds.groupBy(*SONG, "snapshot_date").agg(
        F.min("rank").alias("rank"),
        F.min_by("track_id", "rank").alias("track_id"),
        F.sum("streams").alias("streams"),
        F.min("official.peak_rank").alias("peak_rank"),
        F.max("official.days_on_chart").alias("days_on_chart"),
        F.lit(1).alias("streak_days"),
        F.first("snapshot_date").alias("first_charted_on"),
    )
