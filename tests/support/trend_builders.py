"""Literal charts for the tests of trends: a letter is a song, its position its rank."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from chartlake.contract.tables import SONG_TRENDS
from glue_jobs.frames import literal_frame
from glue_jobs.tables.history import keep_newest
from glue_jobs.tables.song_trends import build_chart_exits, build_editions, build_song_trends

ENTRIES = """snapshot_date date, chart_id string, rank int, track_id string, song_id string,
    streams bigint"""


def day(number: int) -> date:
    return date(2026, 10, number)


def frame_of(spark: SparkSession, rows: list[tuple[Any, ...]], schema: str) -> DataFrame:
    """Frame of literal tuples, with values in the schema's order."""
    names = [column.split()[0] for column in schema.split(",")]
    return literal_frame(spark, [dict(zip(names, row, strict=True)) for row in rows], schema)


def entries_of(spark: SparkSession, charts: Mapping[int, str], chart_id: str = "top") -> DataFrame:
    """Frame of chart_entries; `.` is an omitted place, streams are 100 minus the rank."""
    rows = [
        (day(number), chart_id, rank, f"track {song}", song, 100 - rank)
        for number, songs in charts.items()
        for rank, song in enumerate(songs, start=1)
        if song != "."
    ]
    return frame_of(spark, rows, ENTRIES)


def snapshots_of(
    spark: SparkSession, charts: Mapping[int, str], chart_id: str = "top"
) -> DataFrame:
    """Frame of what trends read of chart_snapshots; a chart equal to the one before repeats it."""
    numbers = sorted(charts)
    rows = [
        (
            day(number),
            chart_id,
            len(charts[number].replace(".", "")),
            charts[number].count("."),
            place > 0 and charts[number] == charts[numbers[place - 1]],
        )
        for place, number in enumerate(numbers)
    ]
    schema = """snapshot_date date, chart_id string, entries int, null_entries int,
        is_repeat boolean"""
    frame = frame_of(spark, rows, schema)
    return frame.selectExpr(
        "*", "0 as local_entries", "0 as episode_entries", "0 as rejected_entries"
    )


def nothing_published(spark: SparkSession) -> DataFrame:
    return literal_frame(spark, [], SONG_TRENDS.ddl).drop("run_id")


def follow(
    spark: SparkSession, charts: Mapping[int, str], state: DataFrame | None = None
) -> tuple[DataFrame, DataFrame, DataFrame]:
    """Build editions, trends and exits of these charts, each computed once."""
    state = nothing_published(spark) if state is None else state
    before = keep_newest(state, "chart_id")
    editions = build_editions(snapshots_of(spark, charts), before).localCheckpoint()
    trends = build_song_trends(entries_of(spark, charts), editions, state).localCheckpoint()
    return editions, trends, build_chart_exits(trends, editions, state)
