"""Tracks -> songs: a track stays the song that it was first seen as.

Spotify corrects titles and adds artists under one track id, and chart files of the old format name
only the first artist. So only the song_key of a track's first entry counts, and a new track joins
the song that its key names:

    first_key(track) = the song_key of the track's first entry
    first_track(key) = the track of the first entry that shows the key
    song(key)        = key               where first_key(first_track(key)) = key
                       song(first_key(first_track(key)))           otherwise
    song(track)      = song(first_key(track))

Entries are ordered by date, chart and rank. All charts of a lake count, so a song has one id in all
of them. Both maps are minima, so the days before a run can be condensed: see `keep_first`.
"""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from glue_jobs.frames import checkpointed

POSITION = ("snapshot_date", "chart_id", "rank")
"""The order of entries; the key of chart_entries."""


def keep_first(entries: DataFrame) -> DataFrame:
    """Keep the first entry of each track under each song_key; key track_id and song_key.

    `entries` has the columns of POSITION, track_id, song_key and song_id. No other rows of past
    days are needed to find the songs of later ones.
    """
    first = F.min(F.struct(*POSITION, "song_id")).alias("first")
    return entries.groupBy("track_id", "song_key").agg(first).select("*", "first.*").drop("first")


def find_songs(entries: DataFrame, before: DataFrame) -> DataFrame:
    """Find the song of each track: one row per track of `entries` at least, with its song_id.

    `before` has published entries from before the days of `entries`, at least those that
    `keep_first` keeps. A song_id is the song_key that the song was first seen with.
    """
    first = F.min(F.struct(*POSITION)).alias("first")
    pairs = entries.groupBy("track_id", "song_key").agg(first)
    shown = pairs.withColumn("song_id", F.lit(None).cast("string")).unionByName(
        _shown_before(before, pairs)
    )
    # Each earlier entry of a track has the track's song; the first entry of a key has the key's.
    of_track = Window.partitionBy("track_id")
    tracks = checkpointed(
        shown.withColumn("track_song", F.max("song_id").over(of_track)).withColumn(
            "first_key", F.min_by("song_key", "first").over(of_track)
        )
    )
    own_key = F.when(F.col("first_key") == F.col("song_key"), F.col("song_key"))
    key_song = F.coalesce("song_id", "track_song", own_key).alias("key_song")
    first_of_key = F.min(F.struct("first", key_song, F.col("first_key").alias("earlier_key")))
    keys = tracks.groupBy("song_key").agg(first_of_key.alias("first"))
    songs = _follow_links(
        checkpointed(keys.select("song_key", "first.key_song", "first.earlier_key"))
    )
    of_first_key = songs.select(F.col("song_key").alias("first_key"), "key_song")
    return (
        tracks.join(F.broadcast(of_first_key), on="first_key")
        .groupBy("track_id")
        .agg(F.min(F.coalesce("track_song", "key_song")).alias("song_id"))
    )


def _shown_before(before: DataFrame, pairs: DataFrame) -> DataFrame:
    """Keep the earlier entries of these tracks and keys; all others are not sorted."""
    tracks = pairs.select("track_id", F.lit(True).alias("has_track")).distinct()
    keys = pairs.select("song_key", F.lit(True).alias("has_key")).distinct()
    return (
        before.join(F.broadcast(tracks), on="track_id", how="left")
        .join(F.broadcast(keys), on="song_key", how="left")
        .where("has_track or has_key")
        .select("track_id", "song_key", F.struct(*POSITION).alias("first"), "song_id")
    )


def _follow_links(keys: DataFrame) -> DataFrame:
    """Give each key the song of the earlier key that it leads to; each pass halves the distance.

    It terminates because the first entry of a key comes after that of its earlier key.
    """
    while not keys.where("key_song is null").isEmpty():
        earlier = keys.select(
            F.col("song_key").alias("earlier_key"),
            F.col("key_song").alias("earlier_song"),
            F.col("earlier_key").alias("next_key"),
        )
        keys = checkpointed(
            keys.join(earlier, on="earlier_key", how="left").select(
                "song_key",
                F.coalesce("key_song", "earlier_song").alias("key_song"),
                F.col("next_key").alias("earlier_key"),
            )
        )
    return keys
