"""Short builders of facts about a chart and a day, and the resulting status."""

from datetime import UTC, date, datetime

from chartlake.contract.chart_config import Chart
from chartlake.status.advice import days_of
from chartlake.status.expectation import Schedule
from chartlake.status.facts import Attempt, Check, Facts, LeftOut, Raw, Run, Warehouse
from chartlake.status.judge import Question, judge
from chartlake.status.problems import problems

DAILY = Chart("ph", "Top PH", "ph", "playlist", "daily", 50, 5, "p")
WEEKLY = Chart("world", "Top World", "global", "playlist", "weekly", 50, 5, "w")
FILES = Chart("us", "Top US", "us", "charts_csv", "daily", 200, 5)
WEEK_FILES = Chart("us_week", "Week US", "us", "charts_csv", "weekly", 200, 5)
CHARTS = (DAILY, WEEKLY, FILES, WEEK_FILES)
AT_SIX = Schedule(6, frozenset(chart.chart_id for chart in CHARTS))
NO_SCHEDULE = Schedule(None, AT_SIX.charts)
LAPTOP = Schedule(0, AT_SIX.charts, is_promised=False)

NOV_18, NOV_19, NOV_20 = (date(2026, 11, day) for day in (18, 19, 20))
LATE = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""The clock of most cases: Friday noon, six hours after the captures of the day."""

KEY, LATER_KEY = "raw/ph/0600.json", "raw/ph/0700.json"
RUN, NEWER = "20261120T061500Z-a1", "20261120T071500Z-b2"
PASSED = Check("entries_at_least", 50.0, 45.0, True)
FAILED = Check("entries_at_least", 1.0, 45.0, False)
HELD = LeftOut(KEY, "ph", "The capture is held back: it has 1 entry and needs 45.")
NOTHING = ["– none"] * 5


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def took(key: str = KEY, hour: int = 6, chart: str = "ph", day: date = NOV_20) -> Attempt:
    return Attempt(chart, day, at(hour, day=day.day), "captured", key)


def failed(hour: int = 6, chart: str = "ph", day: date = NOV_20, why: str = "404: x.") -> Attempt:
    return Attempt(chart, day, at(hour, day=day.day), "failed", error=why)


def ran(run_id: str = RUN, key: str | None = KEY, checks=(PASSED,), left_out=(), published=True):
    hour = int(run_id[9:11])
    charts = {"ph": key} if key else {}
    asked = {"ph": checks} if checks else {}
    return Run(NOV_20, run_id, at(hour, 20) if published else None, charts, asked, left_out)


def holds(visible: str | None = RUN, **short) -> Warehouse:
    runs = short or {RUN: ()}
    seen = {(NOV_20, "ph"): visible} if visible else {}
    return Warehouse({(NOV_20, run): tables for run, tables in runs.items()}, seen)


def question(days=(NOV_20,), charts=(DAILY,), schedule=AT_SIX, only=None) -> Question:
    return Question(tuple(days), tuple(charts), schedule, only)


def line(
    facts: Facts, now: datetime = LATE, asked: Question | None = None, day=NOV_20
) -> list[str]:
    """The cells of the first chart on a day."""
    first = judge(asked or question(), facts, now)[0]
    return [f"{stage.sign.value} {stage.word}" for stage in first.days[day].values()]


def told(facts: Facts, now: datetime = LATE, asked: Question | None = None) -> list[str]:
    """What is listed as red: days, charts, stage and reason."""
    asked = asked or question()
    red = problems(asked, facts, judge(asked, facts, now))
    return [f"{days_of(t.days)} {','.join(t.charts)} {t.stage}: {t.reason}" for t in red]


def lake(attempts=(), runs=(), warehouse: Warehouse | None = None, unreadable=()) -> Facts:
    return Facts(Raw(tuple(attempts), tuple(unreadable)), tuple(runs), warehouse or Warehouse())


WELL = ["✓ ok", "✓ ok", "✓ passed", "✓ ok", "✓ ok", "✓ ok"]
