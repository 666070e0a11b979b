"""Derives the status of each chart on each day from facts."""

from dataclasses import dataclass
from datetime import date, datetime

from chartlake.contract.chart_config import Chart
from chartlake.status.chart_day import ChartDay, Sign, Stage
from chartlake.status.expectation import Schedule, due_at
from chartlake.status.facts import Facts
from chartlake.status.stages import STATES


@dataclass(frozen=True)
class Question:
    """What is asked: the days, in order, the charts of charts.toml, and their schedule.

    `only` names one chart; None means all known charts.
    """

    days: tuple[date, ...]
    charts: tuple[Chart, ...]
    schedule: Schedule
    only: str | None = None


@dataclass(frozen=True)
class Standing:
    """One chart: its settings, None if it is no longer in charts.toml, and the stages of its days.

    `is_new` says that no source names it yet.
    """

    chart_id: str
    chart: Chart | None
    days: dict[date, dict[str, Stage]]
    is_new: bool = False


def judge(question: Question, facts: Facts, now: datetime) -> list[Standing]:
    """Return the status of each chart: those of charts.toml in its order, then other known ones.

    `now` is in UTC.
    """
    settings = {chart.chart_id: chart for chart in question.charts}
    wanted = [*settings, *(other for other in facts.charts() if other not in settings)]
    known = set(facts.charts())
    found = [
        Standing(
            chart_id,
            settings.get(chart_id),
            _days(question, facts, chart_id, settings.get(chart_id), now),
            is_new=chart_id not in known,
        )
        for chart_id in wanted
        if question.only in (None, chart_id)
    ]
    return [s for s in found if s.chart or question.only or not _is_past(s)]


def _is_past(standing: Standing) -> bool:
    return all(
        stage.sign is Sign.NOTHING for stages in standing.days.values() for stage in stages.values()
    )


def _days(
    question: Question, facts: Facts, chart_id: str, chart: Chart | None, now: datetime
) -> dict[date, dict[str, Stage]]:
    everything = facts.raw.attempts if facts.raw else ()
    attempts = [attempt for attempt in everything if attempt.chart_id == chart_id]
    seen = {run.day for run in facts.runs or () if run.tells_of(chart_id)}
    captured = seen | {attempt.day for attempt in attempts if attempt.key}
    since = min(seen | {attempt.day for attempt in attempts}, default=None)
    found = {}
    for day in question.days:
        case = ChartDay(
            chart_id,
            day,
            now,
            None if facts.raw is None else tuple(a for a in attempts if a.day == day),
            None if facts.runs is None else tuple(run for run in facts.runs if run.day == day),
            facts.warehouse,
            due=due_at(chart, day, question.schedule, captured, since) if chart else None,
            is_import=bool(chart and chart.source == "charts_csv"),
            expects_change=chart.expects_change if chart else True,
            is_blind=any(u.day == day for u in (facts.raw.unreadable if facts.raw else ())),
            has_others=any(attempt.day == day for attempt in everything),
        )
        found[day] = {stage: state(case) for stage, state in STATES.items()}
    return found
