"""Any plan of runs over any lake gives the rows of one run over everything, and they are right.

An example is a lake of many charts and a plan: the days in any pieces and order, captures that
arrive late, and days that are run again. `CHARTLAKE_EXAMPLES=50` tries that many.
"""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from glue_jobs import run as job
from tests import trend_oracle
from tests.job_cases import config
from tests.spark_cases import entry, write_capture
from tests.trend_oracle import Snapshot

EXAMPLES = int(os.environ.get("CHARTLAKE_EXAMPLES", "0"))
PHASES = [Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate]
DAYS = [date(2026, 10, number) for number in range(1, 9)]
CREDITS = {
    "a": ["Ana"],
    "a2": ["Ana"],
    "b": ["Ana", "Bo"],
    "b2": ["Bo", "Ana"],
    "c": ["Cy"],
    "d": ["Bo"],
    "e": ["Cy", "Dee"],
}
"""Track -> its artists. The first letter names the song: two songs have a re-release."""

SAME_TABLES = [
    *("chart_snapshots", "chart_entries", "tracks", "albums", "artists", "track_artists"),
    *("song_trends", "chart_exits", "artist_trends", "chart_summary"),
]


class Capture(NamedTuple):
    """One answer of Spotify; nothing at all in `tracks` is not fit to be a chart."""

    chart_id: str
    day: date
    hour: int
    tracks: Sequence[str | None]
    refreshed_on: date | None = None


class Run(NamedTuple):
    start: date
    end: date


class Example(NamedTuple):
    captures: list[Capture]
    plan: list[Capture | Run]
    days_at_once: int
    checkpoint_days: int


Tracks = list[str | None]
tracks: st.SearchStrategy[Tracks] = st.lists(
    st.sampled_from([*CREDITS, None]), min_size=2, max_size=6
).filter(any)
whole: st.SearchStrategy[Tracks] = st.lists(st.sampled_from([*CREDITS]), min_size=6, max_size=6)

CHARTS = [*(f"daily{number}" for number in range(7)), *(f"weekly{number}" for number in range(3))]
KINDS = {
    "daily": ["new", "new", "gap", "same", "twice", "unfit", "spoilt"],
    "weekly": ["same", "same", "same", "gap", "spoilt", "new"],
}
"""What a day may bring; it is spoilt where an unfit capture follows a fit one."""


def cadence_of(chart_id: str) -> str:
    return chart_id[:-1]


def turned(drawn: Tracks, day: date) -> Tracks:
    """Turn the alphabet by a letter a day: even the simplest example, which comes first, moves."""
    names = [*CREDITS]
    return [name and names[(names.index(name) + day.day) % len(names)] for name in drawn]


@st.composite
def chart(draw: st.DrawFn, chart_id: str, days: list[date]) -> list[Capture]:
    """Draw the captures of a chart: from its first day on, each day has one, more or none."""
    first = draw(st.sampled_from([0, 0, 0, 2, 5]))
    shown, refreshed_on = draw(tracks), draw(st.sampled_from([None, DAYS[first]]))
    captures: list[Capture] = []
    for day in days[first:]:
        kind = draw(st.sampled_from(KINDS[cadence_of(chart_id)]))
        if kind in ("gap", "unfit"):
            captures += [Capture(chart_id, day, 9, [])] if kind == "unfit" else []
            continue
        if kind in ("new", "twice"):
            captures += [Capture(chart_id, day, 6, draw(tracks))] if kind == "twice" else []
            shown, refreshed_on = turned(draw(tracks), day), draw(st.sampled_from([None, day]))
        elif kind == "same":
            is_stale = refreshed_on and (day - refreshed_on).days > 3
            refreshed_on = draw(st.sampled_from([None if is_stale else refreshed_on, None, day]))
        else:
            captures.append(Capture(chart_id, day, 18, []))
            refreshed_on = None
        captures.append(Capture(chart_id, day, 12, shown, refreshed_on))
    return captures


@st.composite
def pieces(draw: st.DrawFn) -> list[Run]:
    """Cut all days into runs, in any order."""
    cuts = sorted(draw(st.sets(st.sampled_from(DAYS[1:]), min_size=1, max_size=2)))
    starts, ends = [DAYS[0], *cuts], [*(cut - timedelta(days=1) for cut in cuts), DAYS[-1]]
    return draw(st.permutations([Run(*piece) for piece in zip(starts, ends, strict=True)]))


@st.composite
def examples(draw: st.DrawFn) -> Example:
    silent = draw(st.sampled_from([None, *DAYS]))
    days = [day for day in DAYS if day != silent]
    captures = [capture for name in CHARTS for capture in draw(chart(name, days))]
    plan: list[Capture | Run] = [*draw(pieces())]
    for hour in range(22, 22 + draw(st.sampled_from([1, 2, 0]))):
        day = draw(st.sampled_from(DAYS))
        late = Capture(draw(st.sampled_from(CHARTS)), day, hour, draw(whole))
        place = len(plan) - draw(st.integers(0, len(plan) - 1))
        plan[place:place] = [late, Run(day, day)]
    again = draw(st.lists(st.sampled_from(DAYS), max_size=1))
    plan += [Run(day, min(day + timedelta(days=1), DAYS[-1])) for day in again]
    return Example(captures, plan, draw(st.sampled_from([4, 3, 2, 1])), draw(st.integers(1, 3)))


def write(root: Path, capture: Capture) -> None:
    added_at = capture.refreshed_on and f"{capture.refreshed_on}T00:00:00Z"
    items = [
        track and entry(track, *CREDITS[track], name=f"Song {track[0]}") | {"added_at": added_at}
        for track in capture.tracks
    ]
    chart_id, cadence = capture.chart_id, cadence_of(capture.chart_id)
    at = f"{capture.day}T{capture.hour:02}:00:00Z"
    write_capture(root, at, items, chart_id=chart_id, cadence=cadence, tolerance=100)


def follow(spark: SparkSession, raw: Path, curated: Path, example: Example) -> None:
    """Carry out a plan; a run of days without any capture has nothing to do and is left out."""
    captured = {capture.day for capture in example.captures}
    for number, step in enumerate(example.plan):
        if isinstance(step, Capture):
            write(raw, step)
            captured.add(step.day)
        elif any(step.start <= day <= step.end for day in captured):
            job.run(
                spark,
                replace(
                    config(raw, step.start, step.end, f"20261109T0000{number:02}Z"),
                    curated_root=f"s3://lake/{curated.name}",
                    days_at_once=example.days_at_once,
                    checkpoint_days=example.checkpoint_days,
                ),
            )


def charts_of(example: Example) -> dict[str, dict[date, Snapshot]]:
    """The chart of a day is its last capture that holds a track."""
    late = [step for step in example.plan if isinstance(step, Capture)]
    charts: dict[str, dict[date, Snapshot]] = {}
    for capture in sorted([*example.captures, *late], key=lambda capture: capture.hour):
        if any(capture.tracks):
            places = [(track[0], track) if track else None for track in capture.tracks]
            snapshot = Snapshot(places, capture.refreshed_on)
            charts.setdefault(capture.chart_id, {})[capture.day] = snapshot
    return charts


def published(curated: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows that readers see, with a song's first letter in place of its hash."""
    newest: dict[str, str] = {}
    for manifest in sorted(curated.glob("curated/load_manifest/dt=*/run=*/*.parquet")):
        newest[manifest.parts[-3]] = manifest.parts[-2]
    seen = {name: rows_of(curated / "curated" / name, newest) for name in SAME_TABLES}
    songs = {row["song_id"]: row["track_id"][0] for row in seen["tracks"]}
    assert len(set(songs.values())) == len(songs)
    for table in seen.values():
        for row in table:
            if "song_id" in row:
                row["song_id"] = songs[row["song_id"]]
    return seen


def rows_of(folder: Path, newest: dict[str, str]) -> list[dict[str, Any]]:
    files = [file for day, run in newest.items() for file in (folder / day / run).glob("*.parquet")]
    found = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    for row in found:
        del row["run_id"]
    return sorted(found, key=lambda row: str([*row.values()]))


def columns(table: list[dict[str, Any]], *left_out: str) -> list[tuple[Any, ...]]:
    found = [tuple(row[name] for name in row if name not in left_out) for row in table]
    return sorted(found, key=lambda row: row[:3])


def assert_right(seen: dict[str, list[dict[str, Any]]], charts: dict[str, Any]) -> None:
    trends = columns(seen["song_trends"], "streams", "streams_change")
    assert trends == trend_oracle.song_trends(charts)
    assert columns(seen["chart_exits"]) == trend_oracle.chart_exits(charts)
    summary = columns(
        seen["chart_summary"],
        "median_duration_ms",
        "explicit_share",
        "median_release_age_days",
        "artist_concentration",
    )
    assert summary == trend_oracle.chart_summary(charts)
    artists = columns(
        seen["artist_trends"],
        *("points_share", "streams", "points_share_change", "streams_change"),
    )
    assert artists == trend_oracle.artist_trends(charts, CREDITS)


def test_any_plan_gives_the_rows_of_one_run_and_they_are_right(spark, lake_folder):
    @settings(
        max_examples=EXAMPLES or 1,
        phases=PHASES,
        deadline=None,
        derandomize=True,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(examples())
    def hold(example):
        raw, planned, once = (Path(tempfile.mkdtemp(dir=lake_folder)) for _ in range(3))
        for capture in example.captures:
            write(raw, capture)
        follow(spark, raw, planned, example)
        follow(spark, raw, once, Example(example.captures, [Run(DAYS[0], DAYS[-1])], 100, 100))
        as_planned, at_once = published(planned), published(once)
        for name in SAME_TABLES:
            assert as_planned[name] == at_once[name], name
        assert_right(at_once, charts_of(example))

    hold()
