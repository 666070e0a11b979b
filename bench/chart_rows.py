"""Chart rows as Parquet for trends over years: the two tables that build_song_trends reads.

`chart_entries` and `chart_snapshots` are written in batches of days, so that memory use stays low.
As in real captures, a chart is missing on some days and repeats the previous edition on others.
"""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bench.chart_walk import SEED, Walk, chart_days, song_of, streams

FIRST_DAY = date(2021, 1, 1)
DAYS_A_BATCH = 60
MISSING, REPEATED = 0.01, 0.02
SNAPSHOT = [("snapshot_date", pa.date32()), ("chart_id", pa.string())]
SNAPSHOTS = pa.schema([*SNAPSHOT, ("is_repeat", pa.bool_())])
TRACK = [("rank", pa.int32()), ("track_id", pa.string()), ("song_id", pa.string())]
ENTRIES = pa.schema([*SNAPSHOT, *TRACK, ("streams", pa.int64())])


def write_chart_rows(folder: Path, walk: Walk, days: int) -> None:
    """Write both tables for a number of days, one file each."""
    track_ids, song_ids = _ids("track", walk.tracks, 22), _ids("song", walk.tracks, 16)
    with (
        pq.ParquetWriter(folder / "chart_entries.parquet", ENTRIES) as entries,
        pq.ParquetWriter(folder / "chart_snapshots.parquet", SNAPSHOTS) as snapshots,
    ):
        for shown, tracks, played in _batches(walk, days):
            snapshots.write_table(shown)
            places = pa.array(np.repeat(np.arange(len(tracks)), walk.places))
            ranks = np.tile(np.arange(1, walk.places + 1, dtype=np.int32), len(tracks))
            columns = [
                *(shown[name].take(places) for name in ("snapshot_date", "chart_id")),
                pa.array(ranks),
                track_ids.take(pa.array(tracks.ravel())),
                song_ids.take(pa.array(song_of(tracks).ravel())),
                pa.array(played.ravel()),
            ]
            entries.write_table(pa.table(columns, schema=ENTRIES))


def _batches(
    walk: Walk, days: int
) -> Iterator[tuple[pa.Table, NDArray[np.int64], NDArray[np.int64]]]:
    """Yield batches of days: the captured charts, and their tracks and streams by rank."""
    chance = np.random.default_rng(SEED + 1)
    names = pa.array([f"chart_{number:03}" for number in range(walk.charts)])
    walked = chart_days(walk, days)
    for first in range(0, days, DAYS_A_BATCH):
        batch = np.stack(list(islice(walked, DAYS_A_BATCH)))
        day, chart = np.nonzero(chance.random(batch.shape[:2]) >= MISSING)
        dates = np.datetime64(FIRST_DAY, "D") + first + day
        repeats = chance.random(len(day)) < REPEATED
        columns = [pa.array(dates), names.take(pa.array(chart)), pa.array(repeats)]
        weather = chance.uniform(0.9, 1.1, (len(day), 1))
        played = (streams(walk)[chart] * weather).astype(np.int64)
        yield pa.table(columns, schema=SNAPSHOTS), batch[day, chart], played


def _ids(kind: str, count: int, length: int) -> pa.Array:
    """Create ids like Spotify's: unordered, so that nothing compresses by chance."""
    return pa.array(
        [sha256(f"{kind} {number}".encode()).hexdigest()[:length] for number in range(count)]
    )
