"""What a run needs of the days before it.

One day and ten years take the same computation: a row of song_trends has everything that its song
has done so far, and the first entry of a track says which song it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.once import once
from glue_jobs.tables.songs import keep_first


@dataclass(frozen=True)
class History:
    """Published rows before some date, as in the tables, without run_id.

    `snapshots`, and `editions` from chart_summary, have the newest row of each chart. `songs` and
    `artists`, from the trends, have at least the newest row of each song and artist of a chart.
    `entries`, from chart_entries, have at least the first row of each track under each song_key.
    """

    snapshots: DataFrame
    editions: DataFrame
    songs: DataFrame
    artists: DataFrame
    entries: DataFrame


def keep_newest(rows: DataFrame, *key: str) -> DataFrame:
    """Keep the row with the newest snapshot_date of each key."""
    newest = F.max_by(F.struct(*rows.columns), "snapshot_date").alias("newest")
    return rows.groupBy(*key).agg(newest).select("newest.*")


def condense(history: History) -> History:
    """Keep only the rows that a later run needs, one per key."""
    editions = once(keep_newest(history.editions, "chart_id"))
    return History(
        once(keep_newest(history.snapshots, "chart_id")),
        editions,
        once(keep_newest(history.songs, "chart_id", "song_id")),
        once(on_newest_edition(history.artists, editions)),
        once(keep_first(history.entries)),
    )


def on_newest_edition(rows: DataFrame, editions: DataFrame) -> DataFrame:
    """Keep the rows of each chart's newest edition; `editions` has one row per chart."""
    newest = F.broadcast(editions.select("chart_id", "snapshot_date"))
    return rows.join(newest, on=["chart_id", "snapshot_date"], how="left_semi")


def extend(history: History, built: Mapping[str, DataFrame]) -> History:
    """Add the built days to the history before them."""
    return History(
        history.snapshots.unionByName(built["chart_snapshots"]),
        history.editions.unionByName(built["chart_summary"]),
        history.songs.unionByName(built["song_trends"]),
        history.artists.unionByName(built["artist_trends"]),
        history.entries.unionByName(built["chart_entries"].select(*history.entries.columns)),
    )
