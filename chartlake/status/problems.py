"""Lists each problem of the charts once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chartlake.contract.chart_config import Chart
from chartlake.status.chart_day import Remedy, Sign
from chartlake.status.expectation import Schedule
from chartlake.status.facts import Facts
from chartlake.status.judge import Question, Standing
from chartlake.status.stages import STATES

NEVER = "It is in charts.toml, but in no manifest yet."


@dataclass(frozen=True)
class Problem:
    """One problem: its charts and days, in order. Without days, it belongs to no single day.

    Without charts, it is unknown which ones are affected.
    """

    stage: str
    reason: str
    remedy: Remedy
    charts: tuple[str, ...] = ()
    days: tuple[date, ...] = ()


def problems(question: Question, facts: Facts, standings: Sequence[Standing]) -> list[Problem]:
    """List the problems, newest day first; the same problem of several charts or days is one."""
    charts: dict[tuple[Problem, date | None], list[str]] = defaultdict(list)
    for standing in standings:
        for problem, day in _of(standing, question.schedule, facts):
            charts[problem, day].append(standing.chart_id)
    for unreadable in facts.raw.unreadable if facts.raw else ():
        if unreadable.day in question.days:
            reason = f"{unreadable.manifest} {unreadable.reason}"
            charts[Problem("captured", reason, Remedy.MANIFEST), unreadable.day] = []
    days: dict[Problem, list[date]] = defaultdict(list)
    for (problem, day), named in charts.items():
        days[replace(problem, charts=tuple(named))] += [day] if day else []
    found = [replace(problem, days=tuple(sorted(of))) for problem, of in days.items()]
    return sorted(found, key=_newest_first)


def _newest_first(problem: Problem) -> tuple[int, int]:
    newest = max(problem.days, default=date.max)
    return -newest.toordinal(), list(STATES).index(problem.stage)


def _of(
    standing: Standing, schedule: Schedule, facts: Facts
) -> Iterator[tuple[Problem, date | None]]:
    for day, stages in standing.days.items():
        for name, stage in stages.items():
            if stage.sign is Sign.RED and stage.remedy:
                yield Problem(name, stage.reason, stage.remedy), day
    chart = standing.chart
    if chart and standing.is_new and facts.raw and _is_awaited(chart, schedule):
        is_import = chart.source == "charts_csv"
        yield Problem("captured", NEVER, Remedy.IMPORT if is_import else Remedy.SCHEDULE), None


def _is_awaited(chart: Chart, schedule: Schedule) -> bool:
    """Return whether this chart was promised, although it has never arrived."""
    is_scheduled = schedule.hour is not None and chart.chart_id in schedule.charts
    return schedule.is_promised and (is_scheduled or chart.source == "charts_csv")
