"""What was found out about some days, from three sources. One that could not be asked is None."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Attempt:
    """What one raw manifest says of one chart on one day; `key` is the raw file, where it has one.

    `at` is when the manifest was written (UTC). `error` is the pipeline's own sentence.
    """

    chart_id: str
    day: date
    at: datetime
    status: str
    key: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Unreadable:
    """A raw manifest that is none: its key, the day of its folder, and what is wrong with it."""

    day: date
    manifest: str
    reason: str


@dataclass(frozen=True)
class Raw:
    """What raw manifests say of the days asked for, and of some days before them."""

    attempts: tuple[Attempt, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()

    def named(self) -> set[str]:
        """Name the charts that some manifest names."""
        return {attempt.chart_id for attempt in self.attempts}


@dataclass(frozen=True)
class Check:
    """A rule that the gate asked of a chart: what it found and what is allowed."""

    rule: str
    observed: float
    limit_value: float
    passed: bool


@dataclass(frozen=True)
class LeftOut:
    """A whole raw file that is in quarantine, the chart where it is known, and why."""

    source_file: str
    chart_id: str | None
    reason: str


@dataclass(frozen=True)
class Run:
    """One run of build_tables on one day. `published_at` (UTC) is None before its manifest.

    `charts` maps the charts that it holds to the raw file that each was read from.
    """

    day: date
    run_id: str
    published_at: datetime | None
    charts: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()

    def tells_of(self, chart_id: str) -> bool:
        """Say whether the run has anything of a chart: entries, checks or a file left out."""
        quarantined = any(left_out.chart_id == chart_id for left_out in self.left_out)
        return chart_id in self.charts or chart_id in self.checks or quarantined

    def has_read(self, attempt: Attempt) -> bool:
        """Say whether a capture went into the run: the last one of a day is named by it.

        A fit one is the chart's file, an unfit one is in quarantine. Times would not tell: a run
        that began later may have built the day without its raw files, because it follows another.
        """
        named = {*self.charts.values(), *(left_out.source_file for left_out in self.left_out)}
        return attempt.key in named


@dataclass(frozen=True)
class TableLoad:
    """A table of a run in the warehouse: rows that have arrived and rows that were promised."""

    table: str
    loaded: int
    expected: int


@dataclass(frozen=True)
class Warehouse:
    """What the warehouse holds.

    `short` has, of each day and run whose manifest has arrived, the tables that are not whole;
    `visible` the run that readers see of a day and chart.
    """

    short: Mapping[tuple[date, str], tuple[TableLoad, ...]] = field(default_factory=dict)
    visible: Mapping[tuple[date, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """All that is known; a source that could not be asked is None."""

    raw: Raw | None = None
    runs: tuple[Run, ...] | None = None
    warehouse: Warehouse | None = None

    def charts(self) -> list[str]:
        """Name the charts that any source knows, in order."""
        known = self.raw.named() if self.raw else set()
        for run in self.runs or ():
            known |= {*run.charts, *run.checks}
        if self.warehouse:
            known |= {chart_id for _, chart_id in self.warehouse.visible}
        return sorted(known)
