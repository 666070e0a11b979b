"""What a new run keeps of the current one: charts of its days that it has not built itself.

A run replaces its predecessor completely, all charts of a day at once. A chart without a valid
capture this time is carried over as published, so good data is never lost. Days that only depend
on others are carried over entirely, so that only their trends are rebuilt.
"""

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from chartlake.contract.tables import CHART_SNAPSHOTS
from glue_jobs.tables.songs import POSITION

Frames = Mapping[str, DataFrame]
CHART_DAY = ["snapshot_date", "chart_id"]
DESCRIBED = [name for name in CHART_SNAPSHOTS.column_names if name not in ("is_repeat", "run_id")]


def carry_over(built: Frames, published: Frames) -> dict[str, DataFrame]:
    """Add to the built tables of some days the charts that only their current runs have.

    Both arguments map table names to frames. If both describe a track or artist, the built
    description wins.
    """
    published = described(published)
    kept = kept_charts(built, published)
    entries = published["chart_entries"].join(kept, on=CHART_DAY, how="left_semi")
    tracks = _referenced(built, published, "tracks", ["track_id"], entries)
    albums = _referenced(built, published, "albums", ["album_id"], tracks)
    by_track = ["snapshot_date", "track_id"]
    credited = published["track_artists"].join(tracks, on=by_track, how="left_semi")
    artists = _referenced(built, published, "artists", ["artist_id"], credited)
    results = published["quality_results"].join(kept, on=CHART_DAY, how="left_semi")
    carried = {
        "chart_snapshots": kept,
        "chart_entries": entries,
        "tracks": tracks,
        "albums": albums,
        "track_artists": credited,
        "artists": artists,
        "quality_results": results.join(built["quality_results"], on=CHART_DAY, how="left_anti"),
    }
    return {**built} | {name: built[name].unionByName(rows) for name, rows in carried.items()}


def kept_charts(built: Frames, published: Frames) -> DataFrame:
    """Rows of the published chart_snapshots whose chart and day are not built."""
    return published["chart_snapshots"].join(
        built["chart_snapshots"], on=CHART_DAY, how="left_anti"
    )


def described(published: Frames) -> dict[str, DataFrame]:
    """Drop what depends on other days, as if the tables were just built from their charts."""
    return {
        **published,
        "chart_snapshots": published["chart_snapshots"].select(DESCRIBED),
        "chart_entries": published["chart_entries"].drop("song_id"),
        "tracks": published["tracks"].drop("song_id"),
    }


def _referenced(
    built: Frames, published: Frames, table: str, key: list[str], referring: DataFrame
) -> DataFrame:
    on = ["snapshot_date", *key]
    wanted = published[table].join(referring, on=on, how="left_semi")
    return wanted.join(built[table], on=on, how="left_anti")


def changed_charts(built: Frames, published: Frames) -> DataFrame:
    """One row per table and chart that differ from what is published for the same days.

    This compares what later days depend on: the trends of the same chart, and the entries that
    decide which song a track is on any chart.
    """
    compared = {
        "chart_snapshots": [*CHART_DAY, "edition_hash", "refreshed_at", "is_repeat"],
        "chart_entries": [*POSITION, "track_id", "song_key"],
        "song_trends": built["song_trends"].columns,
        "artist_trends": built["artist_trends"].columns,
    }
    charts = [
        _differing(built[table].select(columns), published[table].select(columns)).select(
            F.lit(table).alias("table_name"), "chart_id"
        )
        for table, columns in compared.items()
    ]
    return reduce(DataFrame.union, charts).distinct()


def _differing(new: DataFrame, old: DataFrame) -> DataFrame:
    return new.exceptAll(old).union(old.exceptAll(new))


def moved_songs(published: DataFrame, songs: DataFrame) -> DataFrame:
    """One row per chart with an entry that now has another song, and `since`, the first such day.

    `published` is chart_entries; `songs` has one row per track, with its song_id.
    """
    now = songs.select("track_id", F.col("song_id").alias("song_now"))
    return (
        published.join(now, on="track_id")
        .where("song_id <> song_now")
        .groupBy("chart_id")
        .agg(F.min("snapshot_date").alias("since"))
    )
