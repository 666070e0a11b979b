"""What the days before a run leave to it: the newest row of every chart, song and artist.

One day and ten years are the same computation, because a row of song_trends holds all that its song
has done so far. Nothing older than the newest row is ever read.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.once import once


@dataclass(frozen=True)
class History:
    """Published rows before some date, as the tables have them, less run_id.

    `snapshots` and `editions`, of chart_summary, hold the newest row of each chart. `songs` and
    `artists`, of the trends, hold at least the newest row of each song and artist of a chart.
    """

    snapshots: DataFrame
    editions: DataFrame
    songs: DataFrame
    artists: DataFrame


def keep_newest(rows: DataFrame, *key: str) -> DataFrame:
    """Keep the row of the newest snapshot_date of each key."""
    newest = F.max_by(F.struct(*rows.columns), "snapshot_date").alias("newest")
    return rows.groupBy(*key).agg(newest).select("newest.*")


def condense(history: History) -> History:
    """Leave one row per chart and song, and of artists those on the newest edition alone."""
    editions = once(keep_newest(history.editions, "chart_id"))
    return History(
        once(keep_newest(history.snapshots, "chart_id")),
        editions,
        once(keep_newest(history.songs, "chart_id", "song_id")),
        once(on_newest_edition(history.artists, editions)),
    )


def on_newest_edition(rows: DataFrame, editions: DataFrame) -> DataFrame:
    """Keep the rows of each chart's newest edition; `editions` has one row per chart."""
    newest = F.broadcast(editions.select("chart_id", "snapshot_date"))
    return rows.join(newest, on=["chart_id", "snapshot_date"], how="left_semi")


def extend(history: History, built: Mapping[str, DataFrame]) -> History:
    """Add the days that were built to what lies before them."""
    return History(
        history.snapshots.unionByName(built["chart_snapshots"]),
        history.editions.unionByName(built["chart_summary"]),
        history.songs.unionByName(built["song_trends"]),
        history.artists.unionByName(built["artist_trends"]),
    )
