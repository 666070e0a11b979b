"""Prints statuses on a terminal: a table per chart, then advice; signs and words besides colour."""

from collections.abc import Sequence
from datetime import date

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chartlake.status.advice import Place, advise, days_of
from chartlake.status.chart_day import Sign
from chartlake.status.judge import Standing
from chartlake.status.problems import Problem
from chartlake.status.stages import STATES

COLOURS = {
    Sign.OK: "green",
    Sign.WAITING: "yellow",
    Sign.RED: "bold red",
    Sign.UNKNOWN: "yellow",
    Sign.NOTHING: "dim",
}


def show_standings(standings: Sequence[Standing], console: Console) -> None:
    """Print each chart: its days, newest first, and its stages."""
    for standing in standings:
        console.print(_title(standing), style="bold", soft_wrap=True)
        if standing.is_new:
            console.print("  No manifest or table has it yet.\n")
        else:
            console.print(_table(standing))
            console.print()


def _title(standing: Standing) -> str:
    chart = standing.chart
    if chart is None:
        return f"{standing.chart_id} (no longer in charts.toml)"
    return f"{chart.name} ({standing.chart_id}, {chart.cadence}, {chart.source})"


def _table(standing: Standing) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for name in ("day", *STATES):
        table.add_column(name, no_wrap=True)
    for day, stages in sorted(standing.days.items(), reverse=True):
        cells = (
            Text(f"{stage.sign.value} {stage.word}", COLOURS[stage.sign])
            for stage in stages.values()
        )
        table.add_row(str(day), *cells)
    return table


def show_problems(
    problems: Sequence[Problem], today: date, place: Place, is_whole: bool, console: Console
) -> None:
    """Print the advice, one line per problem; `is_whole` says that every source was asked."""
    if not problems:
        seen = "" if is_whole else ", as far as could be checked"
        console.print(f"Nothing is red{seen}.", style="green")
        return
    console.print("What to do", style="bold")
    for problem in problems:
        where = f"{days_of(problem.days)}  {', '.join(problem.charts) or 'any chart'}"
        what = f"{problem.stage}: {problem.reason}"
        # Not wrapped, so that a command can be copied.
        console.print(f"{where}, {what} -> {advise(problem, today, place)}", soft_wrap=True)
