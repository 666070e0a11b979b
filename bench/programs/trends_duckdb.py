"""Song trends over a whole history in DuckDB SQL.

python -m bench.programs.trends_duckdb HISTORY OUT
"""

import sys
from pathlib import Path

import duckdb

from bench.programs.marks import mark

TRENDS = """
WITH editions AS (
    SELECT chart_id, snapshot_date, lag(snapshot_date) OVER chart AS previous_edition
    FROM read_parquet($snapshots)
    WHERE NOT is_repeat
    WINDOW chart AS (PARTITION BY chart_id ORDER BY snapshot_date)
),
songs AS (
    SELECT
        chart_id, song_id, snapshot_date,
        min(rank) AS rank, arg_min(track_id, rank) AS track_id, sum(streams) AS streams
    FROM read_parquet($entries)
    GROUP BY ALL
),
timeline AS (
    SELECT
        songs.*,
        lag(snapshot_date) OVER song AS last_seen,
        coalesce(last_seen = previous_edition, false) AS continues,
        CASE WHEN continues THEN lag(rank) OVER song END AS previous_rank,
        CASE WHEN continues THEN lag(streams) OVER song END AS previous_streams,
        min(rank) OVER song AS peak_rank,
        row_number() OVER song AS days_on_chart,
        first_value(snapshot_date) OVER song AS first_charted_on
    FROM songs JOIN editions USING (chart_id, snapshot_date)
    WINDOW song AS (PARTITION BY chart_id, song_id ORDER BY snapshot_date)
)
SELECT
    snapshot_date, chart_id, song_id, track_id, rank, previous_rank,
    previous_rank - rank AS rank_change,
    peak_rank,
    days_on_chart::INTEGER AS days_on_chart,
    (days_on_chart - max(CASE WHEN continues THEN 0 ELSE days_on_chart - 1 END) OVER song)::INTEGER
        AS streak_days,
    first_charted_on,
    CASE
        WHEN last_seen IS NULL THEN 'debut'
        WHEN NOT continues THEN 're_entry'
        WHEN rank < previous_rank THEN 'up'
        WHEN rank > previous_rank THEN 'down'
        ELSE 'same'
    END AS movement,
    streams::BIGINT AS streams,
    (streams - previous_streams)::BIGINT AS streams_change
FROM timeline
WINDOW song AS (PARTITION BY chart_id, song_id ORDER BY snapshot_date)
"""


def build(history: Path, out: Path) -> None:
    """Write the trends of a history as Parquet."""
    files = {name: str(history / f"chart_{name}.parquet") for name in ("entries", "snapshots")}
    connection = duckdb.connect(config={"preserve_insertion_order": False})
    trends = connection.sql(TRENDS, params=files)
    trends.write_parquet(str(out), compression="snappy")


if __name__ == "__main__":
    mark("ready")
    build(Path(sys.argv[1]), Path(sys.argv[2]))
