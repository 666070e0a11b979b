"""What a run needs of the days before it.

One day and ten years take the same computation: a row of song_trends has everything that its song
has done so far, and the first entry of a track says which song it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from glue_jobs.frames import checkpointed
from glue_jobs.tables.songs import keep_first

MOST_LITERALS = 20_000
"""Tracks of a hundred charts of 200. A run over more has generated code, which joins faster."""


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
    is_long: bool = False
    """Whether it begins with a checkpoint, which may hold millions of rows."""

    def narrow(self, rows: DataFrame, wanted: Mapping[str, DataFrame]) -> DataFrame:
        """Drop most rows of a long history that have none of the wanted values.

        `wanted` maps columns to frames of one column. A superset of the rows that have one of the
        values stays, for a join to choose from: looking up a literal takes half the time of a join.
        """
        if not self.is_long:
            return rows
        sets = []
        for name, values in wanted.items():
            found = [row[0] for row in values.distinct().limit(MOST_LITERALS + 1).collect()]
            words = [_literal(value) for value in found if value is not None]
            if len(words) > MOST_LITERALS or None in words:
                return rows
            sets.append(f"{name} IN ({', '.join(filter(None, words)) or 'NULL'})")
        return rows.where(" OR ".join(sets))


def _literal(value: str | date) -> str | None:
    """Write a value as SQL; None for text that is no plain id."""
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return f"'{value}'" if value.isascii() and value.isalnum() else None


def keep_newest(rows: DataFrame, *key: str) -> DataFrame:
    """Keep the row with the newest snapshot_date of each key."""
    newest = F.max_by(F.struct(*rows.columns), "snapshot_date").alias("newest")
    return rows.groupBy(*key).agg(newest).select("newest.*")


def condense(history: History) -> History:
    """Keep only the rows that a later run needs, one per key."""
    editions = checkpointed(keep_newest(history.editions, "chart_id"))
    return History(
        checkpointed(keep_newest(history.snapshots, "chart_id")),
        editions,
        checkpointed(keep_newest(history.songs, "chart_id", "song_id")),
        checkpointed(on_newest_edition(history.artists, editions)),
        checkpointed(keep_first(history.entries)),
        history.is_long,
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
        history.is_long,
    )
