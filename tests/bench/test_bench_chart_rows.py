"""What the benches assume about the charts that they generate."""

from pathlib import Path

import duckdb
import pytest

from bench.chart_rows import write_chart_rows
from bench.chart_walk import Walk

DAYS = 130


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder: Path = tmp_path_factory.mktemp("rows")
    write_chart_rows(folder, Walk(charts=3, places=50, turnover=0.05, draws=5), DAYS)
    connection = duckdb.connect()
    for name in ("entries", "snapshots"):
        connection.read_parquet(f"{folder}/chart_{name}.parquet").create(name)
    return connection


def test_most_charts_change_daily_and_some_repeat(made):
    query = "SELECT count(DISTINCT snapshot_date), count(*), sum(is_repeat::INT) FROM snapshots"
    [(days, chart_days, repeats)] = made.execute(query).fetchall()
    assert days == DAYS
    assert 0.96 * 3 * DAYS < chart_days < 3 * DAYS
    assert 0 < repeats < 30
    orphans = "FROM entries ANTI JOIN snapshots USING (snapshot_date, chart_id)"
    assert made.execute(orphans).fetchall() == []


def test_every_chart_has_all_its_ranks_and_no_track_twice(made):
    query = """SELECT DISTINCT list(rank ORDER BY rank), count(DISTINCT track_id)
        FROM entries GROUP BY snapshot_date, chart_id"""
    assert made.execute(query).fetchall() == [(list(range(1, 51)), 50)]


def test_some_songs_are_on_a_chart_twice(made):
    query = """SELECT count(*) FROM (FROM entries SELECT count(*) AS tracks
        GROUP BY snapshot_date, chart_id, song_id) WHERE tracks = 2"""
    [(twice,)] = made.execute(query).fetchall()
    assert twice > 0


def test_turnover_is_as_requested_and_some_songs_return(made):
    query = """SELECT avg((later.track_id IS NULL)::INT) FROM entries AS one
        SEMI JOIN snapshots AS next
            ON next.chart_id = one.chart_id AND next.snapshot_date = one.snapshot_date + 1
        LEFT JOIN entries AS later ON later.chart_id = one.chart_id
            AND later.track_id = one.track_id AND later.snapshot_date = one.snapshot_date + 1"""
    [(left,)] = made.execute(query).fetchall()
    # A place may draw the track that it holds: with five draws often, with a hundred hardly ever.
    assert 0.025 < left < 0.05
    gaps = """SELECT count(*) FROM (FROM entries SELECT snapshot_date - lag(snapshot_date) OVER (
        PARTITION BY chart_id, track_id ORDER BY snapshot_date) AS gap) WHERE gap > 5"""
    [(returns,)] = made.execute(gaps).fetchall()
    assert returns > 100


def test_streams_fall_with_rank(made):
    query = """SELECT count(*)
        FROM entries AS one JOIN entries AS next USING (snapshot_date, chart_id)
        WHERE next.rank = one.rank + 1 AND next.streams > one.streams"""
    assert made.execute(query).fetchall() == [(0,)]
