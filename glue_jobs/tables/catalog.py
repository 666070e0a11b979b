"""Charted positions -> Spotify's description of each track, album and artist on that day.

A track that several charts show on one day is described once, from the newest capture.
"""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from chartlake.contract.tables import ALBUMS, ARTISTS, TRACKS

TRACK_FIELDS = [n for n in TRACKS.column_names[2:-1] if n != "song_id"]
ALBUM_FIELDS = ALBUMS.column_names[2:-1]
ARTIST_FIELDS = ARTISTS.column_names[2:-1]
RELEASE_DATE = r"^(?!0000)\d{4}(-\d{2}(-\d{2})?)?$"


def describe_tracks(charted: DataFrame) -> DataFrame:
    """One row per track and date seen on any chart: all columns of tracks except the song."""
    seen = charted.select(
        "*",
        "track.name",
        "track.duration_ms",
        "track.explicit",
        F.col("track.external_ids.isrc").alias("isrc"),
        "track.popularity",
        F.col("track.external_urls.spotify").alias("url"),
        F.col("track.album.id").alias("album_id"),
    )
    return _newest(seen, "track_id", TRACK_FIELDS)


def build_tracks(described: DataFrame, songs: DataFrame) -> DataFrame:
    """One row per track and date seen on any chart; `songs` has the song_id of each track."""
    return described.join(F.broadcast(songs), on="track_id").select(
        "snapshot_date", "track_id", "song_id", *TRACK_FIELDS
    )


def build_albums(charted: DataFrame) -> DataFrame:
    """One row per album and date seen on any chart.

    A release date known only to the month or year becomes that period's first day. `0000` and any
    other invalid date become null, and so does the precision.
    """
    album = charted.where("track.album.id is not null").select("*", "track.album.*")
    release_date = _release_date()
    seen = album.select(
        "snapshot_date",
        "captured_at",
        "chart_id",
        "rank",
        F.col("id").alias("album_id"),
        "name",
        "album_type",
        release_date.alias("release_date"),
        F.when(release_date.isNotNull(), _precision()).alias("release_date_precision"),
        "total_tracks",
        "label",
        F.col("external_urls.spotify").alias("url"),
        _largest_image().alias("image_url"),
    )
    return _newest(seen, "album_id", ALBUM_FIELDS)


def _release_date() -> Column:
    text = F.col("release_date")
    padded = F.concat(text, F.substr(F.lit("0000-01-01"), F.length(text) + 1))
    is_date = text.rlike(RELEASE_DATE)
    return F.when(is_date, F.try_to_timestamp(padded, F.lit("yyyy-MM-dd"))).cast("date")


def _precision() -> Column:
    by_length = (
        F.when(F.length("release_date") == 4, "year")
        .when(F.length("release_date") == 7, "month")
        .otherwise("day")
    )
    return F.coalesce("release_date_precision", by_length)


def _largest_image() -> Column:
    by_width = F.transform("images", lambda i: F.struct(F.coalesce(i["width"], F.lit(0)), i["url"]))
    return F.array_max(by_width)["url"]


def build_artists(charted: DataFrame) -> DataFrame:
    """One row per artist and date seen on any chart: every credited artist of every track.

    A name is only null if no chart of the day has one.
    """
    credited = charted.select("*", F.explode("track.artists").alias("artist"))
    seen = credited.select(
        "snapshot_date",
        "captured_at",
        "chart_id",
        "rank",
        F.col("artist.id").alias("artist_id"),
        "artist.name",
        F.col("artist.external_urls.spotify").alias("url"),
        F.col("artist.followers.total").alias("followers"),
        "artist.popularity",
        "artist.genres",
    )
    named_first = seen.withColumn("is_named", F.col("name").isNotNull())
    return _newest(named_first, "artist_id", ARTIST_FIELDS, "is_named")


def build_track_artists(charted: DataFrame) -> DataFrame:
    """One row per track, credited artist and date seen on any chart.

    An artist whom Spotify credits twice on a track keeps the first position.
    """
    seen = charted.withColumn("artists", F.col("track.artists"))
    credited = _newest(seen, "track_id", ["artists"]).select(
        "snapshot_date", "track_id", F.posexplode("artists").alias("index", "artist")
    )
    return credited.groupBy("snapshot_date", "track_id", F.col("artist.id").alias("artist_id")).agg(
        (F.min("index") + 1).alias("position")
    )


def _newest(seen: DataFrame, key: str, described: Sequence[str], *first: str) -> DataFrame:
    newest = F.max_by(F.struct(*described), F.struct(*first, "captured_at", "chart_id", "rank"))
    return (
        seen.groupBy("snapshot_date", key)
        .agg(newest.alias("newest"))
        .select("snapshot_date", key, "newest.*")
    )
