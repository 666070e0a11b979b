"""A backfill on one core and on two: what more machines would gain, and what Glue would charge.

One core means one for everything (taskset): with `local[1]` on two cores, Java's compiler and the
driver would run beside the one task.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from bench.chart_files import chart_files
from bench.chart_walk import Walk
from bench.compare import Candidate, cost_lines, ratio_line, take_turns, walls
from bench.cost import bill
from bench.jobs import job_command
from bench.lakes import FOLDER, captured_days, day
from bench.measure import Cost
from chartlake.contract.counts import counted

WALK = Walk(charts=40)
DAYS = 30
TURNS = 3
ARCHIVE_ROWS = 70 * 200 * 1860
DAYS_A_MONTH = 30
ONE, TWO, DAILY = "1 core", "2 cores", "daily job"


def report(folder: Path = FOLDER, turns: int = TURNS) -> Iterator[str]:
    """Publish a month of official files, into an empty folder each time, and one captured day."""
    raw = chart_files("raw-cores", WALK, DAYS, folder)
    captures = captured_days(1, folder)
    candidates = [
        _on("0", ONE, raw, folder / "cores-1", DAYS),
        _on("0,1", TWO, raw, folder / "cores-2", DAYS),
        _on("0,1", DAILY, captures, folder / "cores-daily", 1),
    ]
    costs = take_turns(candidates, turns, folder)
    rows = WALK.charts * WALK.places * DAYS
    charts, days = counted(WALK.charts, "chart"), counted(DAYS, "day")
    yield f"{counted(rows, 'row')} of official files ({charts}, {days}) in one run, and one"
    yield "day of 4 charts of 50 for the bill:"
    yield from cost_lines(costs)
    one, two = walls(costs[ONE]), walls(costs[TWO])
    yield ratio_line("1 core / 2 cores", one, two)
    yield f"  {said_of_more_machines(median(one), median(two))}"
    yield from bills(costs, rows)


def _on(cores: str, name: str, raw: Path, curated: Path, days: int) -> Candidate:
    job = job_command(raw, curated, day(1), day(days), large=days > 1)
    return Candidate(name, ["taskset", "--cpu-list", cores, *job], partial(_empty, curated))


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def said_of_more_machines(one: float, two: float) -> str:
    """Apply Amdahl's law: work that two cores do not halve, no number of cores shortens."""
    serial = 2 * two / one - 1
    if serial <= 0:
        return "Two cores halve the time: more machines would go on shortening it."
    return (
        f"Two cores are {one / two:.2f} times as fast, as if {serial:.0%} of the work could not be "
        f"shared: more machines would make it at most {1 / serial:.1f} times as fast as one core."
    )


def bills(costs: Mapping[str, Sequence[Cost]], rows: int) -> Iterator[str]:
    """Yield what Glue would charge for a day, and for the archive at the rate of the backfill.

    The time that a backfill takes beyond a daily run is charged per row.
    """
    day_seconds, backfill_seconds = (median(walls(costs[name])) for name in (DAILY, TWO))
    a_row = (backfill_seconds - day_seconds) / rows
    daily, archive = bill(2 * day_seconds), bill(2 * (day_seconds + a_row * ARCHIVE_ROWS))
    yield "Glue 6.0, computed, not run: seconds here x cores here count as vCPU seconds, and"
    yield "4 vCPU are a DPU, of which a run has 2 or more, for a minute or more, at $0.308 an hour:"
    yield (
        f"  a daily run: {daily.dpus} DPU for {daily.seconds:.0f} s, ${daily.dollars:.4f}; "
        f"${DAYS_A_MONTH * daily.dollars:.2f} a month"
    )
    yield (
        f"  a backfill of {counted(ARCHIVE_ROWS, 'row')}: {archive.dpus} DPU for "
        f"{archive.seconds / 60:.1f} min, ${archive.dollars:.2f}"
    )
