"""Facts about some days from three sources; None stands for a source that could not be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Attempt:
    """What one raw manifest says about one chart on one day; `key` is the raw file, if it has one.

    `at` is when the manifest was written (UTC). `error` is the pipeline's own message.
    """

    chart_id: str
    day: date
    at: datetime
    status: str
    key: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Unreadable:
    """A malformed raw manifest: its key, the day of its folder, and what is wrong with it."""

    day: date
    manifest: str
    reason: str


@dataclass(frozen=True)
class Raw:
    """What raw manifests say about the requested days, and about some days before them."""

    attempts: tuple[Attempt, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()

    def named(self) -> set[str]:
        """Return the charts that any manifest names."""
        return {attempt.chart_id for attempt in self.attempts}


@dataclass(frozen=True)
class Check:
    """A rule that the gate applied to a chart: what it found and what is allowed."""

    rule: str
    observed: float
    limit_value: float
    passed: bool


@dataclass(frozen=True)
class LeftOut:
    """A whole raw file in quarantine, its chart if known, and why."""

    source_file: str
    chart_id: str | None
    reason: str


@dataclass(frozen=True)
class Run:
    """One run of build_tables on one day. `published_at` (UTC) is None before its manifest.

    `charts` maps each chart of the run to the raw file that it was read from.
    """

    day: date
    run_id: str
    published_at: datetime | None
    charts: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()

    def tells_of(self, chart_id: str) -> bool:
        """Return whether the run has anything of a chart: entries, checks or a quarantined file."""
        quarantined = any(left_out.chart_id == chart_id for left_out in self.left_out)
        return chart_id in self.charts or chart_id in self.checks or quarantined

    def has_read(self, attempt: Attempt) -> bool:
        """Return whether a capture went into the run, which names the last one of a day.

        A fit one is the chart's file, an unfit one is in quarantine. Times would not show it: a run
        that began later may have built the day without its raw files, because it depends on another
        day.
        """
        named = {*self.charts.values(), *(left_out.source_file for left_out in self.left_out)}
        return attempt.key in named


@dataclass(frozen=True)
class TableLoad:
    """A table of a run in the warehouse: the rows that have arrived, and the rows promised."""

    table: str
    loaded: int
    expected: int


@dataclass(frozen=True)
class Warehouse:
    """What the warehouse holds.

    `short` has the incomplete tables of each day and run whose manifest has arrived; `visible` has
    the run that readers see for a day and chart.
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
        """Return the charts that any source knows, in order."""
        known = self.raw.named() if self.raw else set()
        for run in self.runs or ():
            known |= {*run.charts, *run.checks}
        if self.warehouse:
            known |= {chart_id for _, chart_id in self.warehouse.visible}
        return sorted(known)
