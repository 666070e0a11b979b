"""Building one more day must cost the same CPU time after long histories and many songs."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import duckdb

from bench.chart_files import chart_files
from bench.chart_walk import Walk
from bench.compare import Candidate, Target, cost_lines, cpus, ratio_line, take_turns
from bench.jobs import forget, job_command, published
from bench.lakes import FOLDER, captured_days, day
from chartlake.contract.counts import counted

HISTORIES = (10, 100, 1000)
TURNS = 3
LONG = Target(1.15)
SONG_DAYS = 77
FEW = Walk(charts=50, turnover=0, draws=1_000_000)
MANY = Walk(charts=50, turnover=1, draws=1_000_000)
WIDE = Target(1.3)
CHARTED_SONGS = "SELECT count(DISTINCT (chart_id, song_id)) FROM read_parquet($files)"


def report(folder: Path = FOLDER, turns: int = TURNS) -> Iterator[str]:
    """Measure the effect of the history's length, then of the number of songs in it."""
    yield from long_histories(folder, turns)
    yield from many_songs(folder, turns)


def long_histories(folder: Path, turns: int, histories: Sequence[int] = HISTORIES) -> Iterator[str]:
    """Build one more day after histories of several lengths, each published by one run."""
    last = max(histories)
    raw = captured_days(last + 1, folder)
    curated = {
        counted(days, "day"): published(
            f"after-{days}-days", raw, day(last + 1 - days), day(last), folder
        )
        for days in histories
    }
    candidates = [_one_more(name, raw, root, last + 1) for name, root in curated.items()]
    costs = take_turns(candidates, turns, folder)
    yield "One more day, 4 charts of 50, after a history of (ratios of CPU seconds):"
    yield from cost_lines(costs)
    shortest, *longer = costs
    for name in longer:
        target = LONG if name == longer[-1] else None
        yield ratio_line(f"{name} / {shortest}", cpus(costs[name]), cpus(costs[shortest]), target)


def many_songs(
    folder: Path, turns: int, few: Walk = FEW, many: Walk = MANY, days: int = SONG_DAYS
) -> Iterator[str]:
    """Build one more day where charts kept their songs, and where every day brought new ones."""
    candidates, songs = [], {}
    for name, walk in (("few songs", few), ("many songs", many)):
        folder_name = name.replace(" ", "-")
        raw = chart_files(f"raw-{folder_name}", walk, days + 1, folder)
        root = published(f"after-{folder_name}", raw, day(1), day(days), folder)
        forget(root, day(days + 1))
        songs[name] = _charted_songs(root)
        candidates.append(_one_more(name, raw, root, days + 1))
    costs = take_turns(candidates, turns, folder)
    yield from heading(few, days, songs["few songs"], songs["many songs"])
    yield from cost_lines(costs)
    yield ratio_line("many / few songs", cpus(costs["many songs"]), cpus(costs["few songs"]), WIDE)


def heading(walk: Walk, days: int, few: int, many: int) -> Iterator[str]:
    """Yield a description of the histories before the one more day."""
    charts, songs = counted(walk.charts, "chart"), counted(many, "song")
    yield f"One more day, {charts} of {walk.places}, after {counted(days, 'day')} that showed"
    yield f"{few:,} or {songs}, each chart's counted for itself:"


def _one_more(name: str, raw: Path, curated: Path, number: int) -> Candidate:
    command = job_command(raw, curated, day(number), day(number))
    return Candidate(name, command, partial(forget, curated, day(number)))


def _charted_songs(curated: Path) -> int:
    files = f"{curated}/curated/song_trends/**/*.parquet"
    with duckdb.connect() as connection:
        found = connection.execute(CHARTED_SONGS, {"files": files}).fetchone()
    return int(found[0]) if found else 0
