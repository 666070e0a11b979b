"""Song trends over a whole history in pandas, as public trackers do it: a sorted frame, shifted.

python -m bench.programs.trends_pandas HISTORY OUT
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from bench.programs.marks import mark
from chartlake.contract.tables import SONG_TRENDS

SONG = ["chart_id", "song_id"]
ARROW = {"int": pa.int32(), "bigint": pa.int64(), "string": pa.string(), "date": pa.date32()}
SCHEMA = pa.schema([(c.name, ARROW[c.type]) for c in SONG_TRENDS.columns if c.name != "run_id"])


def build(history: Path, out: Path) -> None:
    """Write the trends of a history as Parquet."""
    entries, snapshots = (
        pd.read_parquet(
            history / f"chart_{name}.parquet", to_pandas_kwargs={"date_as_object": False}
        )
        for name in ("entries", "snapshots")
    )
    mark("read")
    trends = follow(one_row_per_song(entries).merge(line_up(snapshots)))
    mark("computed")
    trends[SCHEMA.names].to_parquet(out, schema=SCHEMA, index=False)


def line_up(snapshots: pd.DataFrame) -> pd.DataFrame:
    """Return one row per chart and edition, with the date of the previous edition."""
    editions = snapshots[~snapshots.is_repeat].sort_values(["chart_id", "snapshot_date"])
    editions["previous_edition"] = editions.groupby("chart_id").snapshot_date.shift()
    return editions.drop(columns="is_repeat")


def one_row_per_song(entries: pd.DataFrame) -> pd.DataFrame:
    """Return each song of each chart and day once, at its better rank, with all its streams."""
    key = [*SONG, "snapshot_date"]
    ordered = entries.sort_values([*key, "rank"])
    songs = ordered.drop_duplicates(key).drop(columns="streams")
    streams = ordered.groupby(key).streams.sum(min_count=1)
    return songs.merge(streams.reset_index())


def follow(songs: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of song_trends, row by row for each song."""
    songs = songs.sort_values([*SONG, "snapshot_date"])
    by_song = songs.groupby(SONG)
    last_seen, last_rank = by_song.snapshot_date.shift(), by_song["rank"].shift()
    continues = last_seen == songs.previous_edition
    songs["previous_rank"] = last_rank.where(continues)
    songs["rank_change"] = songs.previous_rank - songs["rank"]
    songs["streams_change"] = (songs.streams - by_song.streams.shift()).where(continues)
    songs["peak_rank"] = by_song["rank"].cummin()
    songs["days_on_chart"] = by_song.cumcount() + 1
    before = (songs.days_on_chart - 1).where(~continues, 0)
    songs["streak_days"] = songs.days_on_chart - before.groupby([songs[k] for k in SONG]).cummax()
    songs["first_charted_on"] = by_song.snapshot_date.transform("first")
    songs["movement"] = np.select(
        [last_seen.isna(), ~continues, songs.rank_change > 0, songs.rank_change < 0],
        ["debut", "re_entry", "up", "down"],
        "same",
    )
    return songs


if __name__ == "__main__":
    mark("ready")
    build(Path(sys.argv[1]), Path(sys.argv[2]))
