"""Chart files' rows -> segments without a break, each followed as a chart of its own.

The first edition of a segment is its seed: what it says of each song is taken as known, as the
state that a run finds published, and is not compared.
"""

from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from glue_jobs.once import once
from glue_jobs.tables.song_identity import song_key
from glue_jobs.tables.song_trends import SONG
from glue_jobs.tables.songs import POSITION, find_songs

COLUMNS = ("previous_rank", "peak_rank", "days_on_chart")
"""What Spotify itself tells of a trend."""

FIRST_EDITIONS = {"daily": date(2017, 1, 1), "weekly": date(2016, 12, 29)}
"""The oldest editions that charts.spotify.com offers. spotifycharts.com named the same week
2016-12-23--2016-12-30; no chart counts more days or weeks than these dates allow."""

REJECTED = ("source_file", "position", "kind", "record")
"""What tells of a row that cannot be read."""

OTHER = "Another file of its chart and day is newer."


def choose(captures: DataFrame) -> DataFrame:
    """Leave one usable file of a chart and day, the newest; one row per file, key source_file."""
    newest_first = Window.partitionBy("chart_id", "snapshot_date", F.isnull("reason")).orderBy(
        F.desc("captured_at"), F.desc("source_file")
    )
    place = F.row_number().over(newest_first)
    reason = F.when(F.col("reason").isNull() & (place > 1), OTHER).otherwise(F.col("reason"))
    return captures.withColumn("reason", reason)


def cut_segments(captures: DataFrame) -> DataFrame:
    """Cut charts into segments: one row per chart and edition from its segment's seed on.

    `chart_id` becomes the chart and its seed's date, `chart` is what it was. A file of the old
    format tells no state, so that the first file of the site's own is the seed.
    `editions_before` is how many editions of the chart there can have been before the seed.
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

    All charts of the files count, as those of a lake do. Both are null where the row is rejected.
    """
    key = song_key(F.col("track.name"), F.col("track.artists.name"))
    keyed = once(
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

    `kind` is as `explode_rows` has it; rejected rows alone keep their `record`.
    `official` are the file's own numbers; `is_told` says which of them are there, because a
    previous rank of -1 is a song that was not on the chart, and null.
    """
    official = {name: F.expr(f"try_cast(official.{name} as int)") for name in COLUMNS}
    told = [number.isNotNull().alias(name) for name, number in official.items()]
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
            F.struct(*told).alias("is_told"),
        )
    )


def state_of(seeds: DataFrame) -> DataFrame:
    """Take what the seeds say as the state: one row per segment and song, as in song_trends.

    A song that stands on the seed twice counts at its better rank.
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
