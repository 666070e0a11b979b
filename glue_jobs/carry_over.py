"""What a new run keeps of the current one: charts of its days that it has not built itself.

A run replaces the one before it whole, all charts of a day at once. A chart without a fit capture
this time is carried over as it was published, so that good data is never lost; and days that only
follow others are carried over altogether, so that their trends can be built anew and nothing else.
"""

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import DataFrame

from chartlake.tables import CHART_SNAPSHOTS

Frames = Mapping[str, DataFrame]
CHART_DAY = ["snapshot_date", "chart_id"]
DESCRIBED = [name for name in CHART_SNAPSHOTS.column_names if name not in ("is_repeat", "run_id")]


def carry_over(built: Frames, published: Frames) -> dict[str, DataFrame]:
    """Add to what is built of some days what their current runs hold of charts not built.

    Both map names of tables to frames. Of a track or artist that is described in both, what is
    built counts.
    """
    kept = described(published)["chart_snapshots"].join(
        built["chart_snapshots"], on=CHART_DAY, how="left_anti"
    )
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


def described(published: Frames) -> dict[str, DataFrame]:
    """Take away from chart_snapshots what depends on other days, as if they were just built."""
    return {**published, "chart_snapshots": published["chart_snapshots"].select(DESCRIBED)}


def _referenced(
    built: Frames, published: Frames, table: str, key: list[str], referring: DataFrame
) -> DataFrame:
    on = ["snapshot_date", *key]
    wanted = published[table].join(referring, on=on, how="left_semi")
    return wanted.join(built[table], on=on, how="left_anti")


def changed_charts(built: Frames, published: Frames) -> DataFrame:
    """One row per chart of which the trends differ from what is published of the same days."""
    snapshots = [*CHART_DAY, "edition_hash", "refreshed_at", "is_repeat"]
    charts = [
        _differing(built[table].select(columns), published[table].select(columns))
        for table, columns in (
            ("chart_snapshots", snapshots),
            ("song_trends", built["song_trends"].columns),
            ("artist_trends", built["artist_trends"].columns),
        )
    ]
    return reduce(DataFrame.union, charts).distinct()


def _differing(new: DataFrame, old: DataFrame) -> DataFrame:
    return new.exceptAll(old).union(old.exceptAll(new)).select("chart_id")
