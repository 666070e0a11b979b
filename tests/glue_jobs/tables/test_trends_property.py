"""Any plan of runs over any lake gives the rows of one run over everything, correctly.

An example is a lake of many charts, playlists and chart files of both formats, whose tracks are
renamed now and then, and a plan: the days in any pieces and order, captures and files that arrive
late, and days that are run again. `CHARTLAKE_EXAMPLES=50` tries that many.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from glue_jobs.build import run as job
from tests.support import trend_oracle
from tests.support.job_builders import config
from tests.support.spark_builders import entry, write_capture, write_raw
from tests.support.trend_oracle import Entry, Snapshot

EXAMPLES = int(os.environ.get("CHARTLAKE_EXAMPLES", "0"))
PHASES = [Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate]
DAYS = [date(2026, 10, number) for number in range(1, 9)]
WORDS = {
    "a": ("One", ["Ana"]),
    "a2": ("One", ["Ana"]),
    "b": ("Two", ["Ana", "Bo"]),
    "b2": ("Two", ["Bo", "Ana"]),
    "c": ("Three", ["Cy"]),
    "d": ("One", ["Bo"]),
    "e": ("Two", ["Cy", "Dee"]),
}
"""Track -> its title and artists, unless it is renamed: two songs have a re-release."""

RENAMED = [("One", ["Ana", "Bo"]), ("Two", ["Ana"]), ("Two Again", ["Ana", "Bo"]), *WORDS.values()]
"""What a track may be renamed to: words of its own, of another track, and of no other."""

SAME_TABLES = [
    *("chart_snapshots", "chart_entries", "tracks", "albums", "artists", "track_artists"),
    *("song_trends", "chart_exits", "artist_trends", "chart_summary"),
]


class Place(NamedTuple):
    """A track, and which title of RENAMED it has here; None if it keeps its own."""

    track: str
    renamed: int | None = None

    @property
    def words(self) -> tuple[str, list[str]]:
        return WORDS[self.track] if self.renamed is None else RENAMED[self.renamed]

    @property
    def track_id(self) -> str:
        return self.track.ljust(22, "0")


class Capture(NamedTuple):
    """One response of Spotify; with empty `tracks` it is not a valid chart."""

    chart_id: str
    day: date
    hour: int
    tracks: Sequence[Place | None]
    refreshed_on: date | None = None

    @property
    def at(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, self.hour, tzinfo=UTC)

    def artists(self, place: Place) -> list[str]:
        return place.words[1]


class ChartFile(Capture):
    """A file from charts.spotify.com; in the old format it names only the first artist."""

    @property
    def is_old(self) -> bool:
        return self.day.day % 3 == 0

    @property
    def at(self) -> datetime:
        return FILES_CAME_AT

    def artists(self, place: Place) -> list[str]:
        return place.words[1][:1] if self.is_old else place.words[1]


FILES_CAME_AT = datetime(2026, 11, 1, tzinfo=UTC)


class Run(NamedTuple):
    start: date
    end: date


class Example(NamedTuple):
    captures: list[Capture]
    plan: list[Capture | Run]
    days_at_once: int
    checkpoint_days: int


Tracks = list[Place | None]
renamings = st.sampled_from([None, None, None, *range(len(RENAMED))])
places = st.builds(Place, st.sampled_from([*WORDS]), renamings)
tracks: st.SearchStrategy[Tracks] = st.lists(
    places | places | places | st.none(), min_size=2, max_size=6
).filter(any)
whole: st.SearchStrategy[Tracks] = st.lists(places, min_size=6, max_size=6)

MARKETS = ["ph", "us"]
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
    names = [*WORDS]

    def turn(place: Place) -> Place:
        number = (names.index(place.track) + day.day) % len(names)
        return place._replace(track=names[number])

    return [place and turn(place) for place in drawn]


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
            top, *others = shown
            shown = [top and top._replace(renamed=draw(renamings)), *others]
        else:
            captures.append(Capture(chart_id, day, 18, []))
            refreshed_on = None
        captures.append(Capture(chart_id, day, 12, shown, refreshed_on))
    return captures


@st.composite
def chart_files(draw: st.DrawFn, days: list[date]) -> list[ChartFile]:
    """Draw the files of two markets; a day may have none."""
    return [
        ChartFile(f"{market}_daily", day, 0, turned(draw(whole), day))
        for market in MARKETS
        for day in days
        if draw(st.sampled_from([True, True, False]))
    ]


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
    files = draw(chart_files(days))
    late_files = [file for file in files if draw(st.sampled_from([False, False, True]))]
    captures += [file for file in files if file not in late_files]
    plan: list[Capture | Run] = [*draw(pieces())]
    for file in late_files:
        place = len(plan) - draw(st.integers(0, len(plan) - 1))
        plan[place:place] = [file, Run(file.day, file.day)]
    for hour in range(22, 22 + draw(st.sampled_from([1, 2, 0]))):
        day = draw(st.sampled_from(DAYS))
        late = Capture(draw(st.sampled_from(CHARTS)), day, hour, draw(whole))
        place = len(plan) - draw(st.integers(0, len(plan) - 1))
        plan[place:place] = [late, Run(day, day)]
    again = draw(st.lists(st.sampled_from(DAYS), max_size=1))
    plan += [Run(day, min(day + timedelta(days=1), DAYS[-1])) for day in again]
    return Example(captures, plan, draw(st.sampled_from([4, 3, 2, 1])), draw(st.integers(1, 3)))


def write(root: Path, capture: Capture) -> None:
    if isinstance(capture, ChartFile):
        write_chart_file(root, capture)
        return
    added_at = capture.refreshed_on and f"{capture.refreshed_on}T00:00:00Z"
    items = [
        place
        and entry(place.track_id, *capture.artists(place), name=place.words[0])
        | {"added_at": added_at}
        for place in capture.tracks
    ]
    chart_id, cadence = capture.chart_id, cadence_of(capture.chart_id)
    at = f"{capture.day}T{capture.hour:02}:00:00Z"
    write_capture(root, at, items, chart_id=chart_id, cadence=cadence, tolerance=100)


def write_chart_file(root: Path, file: ChartFile) -> None:
    lines = [OLD_HEADER if file.is_old else HEADER]
    for rank, place in enumerate(filter(None, file.tracks), start=1):
        title, artists = place.words[0], ", ".join(file.artists(place))
        lines.append(
            f"{rank},{title},{artists},100,https://open.spotify.com/track/{place.track_id}"
            if file.is_old
            else f'{rank},spotify:track:{place.track_id},"{artists}",{title},Label,1,1,1,100'
        )
    market = file.chart_id.removesuffix("_daily")
    name = f"regional-{market}-daily-{file.day}.csv"
    path = write_raw(root / f"raw/charts_csv/dt={file.day}/{name}", "\n".join([*lines, ""]))
    os.utime(path, (file.at.timestamp(),) * 2)


HEADER = "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,days_on_chart,streams"
OLD_HEADER = "Position,Track Name,Artist,Streams,URL"
CHARTS_FILE = "".join(
    f"""
    [charts.{market}_daily]
    name = "{market}"
    market = "{market}"
    source = "charts_csv"
    cadence = "daily"
    expected_size = 2
    tolerance = 0
    """
    for market in MARKETS
)


def follow(spark: SparkSession, raw: Path, curated: Path, example: Example) -> None:
    """Execute a plan; runs over days without a capture are skipped."""
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
                    charts_file=f"s3://lake/{raw.name}/charts.toml",
                    days_at_once=example.days_at_once,
                    checkpoint_days=example.checkpoint_days,
                ),
            )


def chosen(example: Example) -> list[Capture]:
    """The chart of a day is its last capture with a track."""
    late = [step for step in example.plan if isinstance(step, Capture)]
    last: dict[tuple[str, date], Capture] = {}
    for capture in sorted([*example.captures, *late], key=lambda capture: capture.hour):
        if any(capture.tracks):
            last[capture.chart_id, capture.day] = capture
    return [*last.values()]


def song_key(title: str, artists: list[str]) -> str:
    """The hash of words of these tests, which differ only in case, spaces and order."""
    words = [title.lower().replace(" ", ""), *sorted(artist.lower() for artist in artists)]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def entries_of(captures: list[Capture]) -> list[Entry]:
    return [
        (
            capture.day,
            capture.chart_id,
            rank,
            place.track_id,
            song_key(place.words[0], capture.artists(place)),
        )
        for capture in captures
        for rank, place in enumerate(capture.tracks, start=1)
        if place
    ]


def charts_of(captures: list[Capture]) -> dict[str, dict[date, Snapshot]]:
    songs = trend_oracle.songs_of(entries_of(captures))
    charts: dict[str, dict[date, Snapshot]] = {}
    for capture in captures:
        places = [place and (songs[place.track_id], place.track_id) for place in capture.tracks]
        is_file = isinstance(capture, ChartFile)
        snapshot = Snapshot(places, capture.day if is_file else capture.refreshed_on)
        charts.setdefault(capture.chart_id, {})[capture.day] = snapshot
    return charts


def credits_of(captures: list[Capture]) -> Callable[[date, str], list[str]]:
    """A track has the artists of the newest capture of the day, in the last of its charts."""
    credits: dict[tuple[date, str], list[str]] = {}
    for capture in sorted(captures, key=lambda capture: (capture.at, capture.chart_id)):
        for place in filter(None, capture.tracks):
            artists = capture.artists(place)
            if isinstance(capture, ChartFile):
                artists = [f"name:{artist.lower()}" for artist in artists]
            credits[capture.day, place.track_id] = artists
    return lambda day, track: credits[day, track]


def published(curated: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows that readers see."""
    newest: dict[str, str] = {}
    for manifest in sorted(curated.glob("curated/load_manifest/dt=*/run=*/*.parquet")):
        newest[manifest.parts[-3]] = manifest.parts[-2]
    return {name: rows_of(curated / "curated" / name, newest) for name in SAME_TABLES}


def rows_of(folder: Path, newest: dict[str, str]) -> list[dict[str, Any]]:
    files = [file for day, run in newest.items() for file in (folder / day / run).glob("*.parquet")]
    found = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    for row in found:
        del row["run_id"]
    return sorted(found, key=lambda row: str([*row.values()]))


def columns(table: list[dict[str, Any]], *left_out: str) -> list[tuple[Any, ...]]:
    found = [tuple(row[name] for name in row if name not in left_out) for row in table]
    return sorted(found, key=lambda row: row[:3])


def assert_right(seen: dict[str, list[dict[str, Any]]], captures: list[Capture]) -> None:
    charts = charts_of(captures)
    songs = trend_oracle.songs_of(entries_of(captures))
    for table in ("chart_entries", "tracks", "song_trends"):
        assert {row["track_id"]: row["song_id"] for row in seen[table]}.items() <= songs.items()
    assert {row["song_id"] for row in seen["tracks"]} == set(songs.values())
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
    assert artists == trend_oracle.artist_trends(charts, credits_of(captures))


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
        (raw / "charts.toml").write_text(CHARTS_FILE)
        for capture in example.captures:
            write(raw, capture)
        follow(spark, raw, planned, example)
        follow(spark, raw, once, Example(example.captures, [Run(DAYS[0], DAYS[-1])], 100, 100))
        as_planned, at_once = published(planned), published(once)
        for name in SAME_TABLES:
            assert as_planned[name] == at_once[name], name
        assert_right(at_once, chosen(example))

    hold()
