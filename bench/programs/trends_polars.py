"""Song trends over a whole history in Polars, as one lazy query.

python -m bench.programs.trends_polars HISTORY OUT
"""

import sys
from pathlib import Path

import polars as pl

from bench.programs.marks import mark
from chartlake.contract.tables import SONG_TRENDS

SONG = ["chart_id", "song_id"]
POLARS = {"int": pl.Int32, "bigint": pl.Int64, "string": pl.String, "date": pl.Date}


def build(history: Path, out: Path) -> None:
    """Write the trends of a history as Parquet."""
    entries, snapshots = (
        pl.scan_parquet(history / f"chart_{name}.parquet") for name in ("entries", "snapshots")
    )
    charted = one_row_per_song(entries).join(line_up(snapshots), on=["chart_id", "snapshot_date"])
    shape = [pl.col(c.name).cast(POLARS[c.type]) for c in SONG_TRENDS.columns if c.name != "run_id"]
    follow(charted).select(shape).sink_parquet(out, compression="snappy")


def line_up(snapshots: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per chart and edition, with the date of the previous edition."""
    return (
        snapshots.filter(~pl.col("is_repeat"))
        .sort("chart_id", "snapshot_date")
        .select(
            "chart_id",
            "snapshot_date",
            previous_edition=pl.col("snapshot_date").shift().over("chart_id"),
        )
    )


def one_row_per_song(entries: pl.LazyFrame) -> pl.LazyFrame:
    """Return each song of each chart and day once, at its better rank, with all its streams."""
    played = pl.col("streams")
    return entries.group_by(*SONG, "snapshot_date").agg(
        pl.col("rank").min(),
        pl.col("track_id").get(pl.col("rank").arg_min()),
        # In Polars the sum of no values is 0.
        pl.when(played.count() > 0).then(played.sum()).alias("streams"),
    )


def follow(songs: pl.LazyFrame) -> pl.LazyFrame:
    """Add the columns of song_trends, row by row for each song."""
    rank, days = pl.col("rank"), pl.col("days_on_chart")
    continues = (pl.col("last_seen") == pl.col("previous_edition")).fill_null(False)
    return (
        songs.sort(*SONG, "snapshot_date")
        .with_columns(
            last_seen=pl.col("snapshot_date").shift().over(SONG),
            last_rank=rank.shift().over(SONG),
            last_streams=pl.col("streams").shift().over(SONG),
            peak_rank=rank.cum_min().over(SONG),
            days_on_chart=pl.int_range(1, pl.len() + 1).over(SONG),
            first_charted_on=pl.col("snapshot_date").first().over(SONG),
        )
        .with_columns(continues=continues)
        .with_columns(
            previous_rank=pl.when("continues").then("last_rank"),
            streams_change=pl.when("continues").then(pl.col("streams") - pl.col("last_streams")),
            streak_days=days
            - pl.when("continues").then(0).otherwise(days - 1).cum_max().over(SONG),
            movement=pl.when(pl.col("last_seen").is_null())
            .then(pl.lit("debut"))
            .when(~pl.col("continues"))
            .then(pl.lit("re_entry"))
            .when(rank < pl.col("last_rank"))
            .then(pl.lit("up"))
            .when(rank > pl.col("last_rank"))
            .then(pl.lit("down"))
            .otherwise(pl.lit("same")),
        )
        .with_columns(rank_change=pl.col("previous_rank") - rank)
    )


if __name__ == "__main__":
    mark("ready")
    build(Path(sys.argv[1]), Path(sys.argv[2]))
