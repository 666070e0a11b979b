"""What is known about one chart on one day, and the states of its stages."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from chartlake.status.expectation import PATIENCE
from chartlake.status.facts import Attempt, Run, Warehouse


class Sign(Enum):
    """The state of a stage; the value is the sign that a table shows before the word."""

    OK = "✓"
    WAITING = "…"
    RED = "✗"
    UNKNOWN = "?"
    NOTHING = "–"


class Remedy(Enum):
    """The kind of fix for a red stage; `advice` has the wording."""

    CAPTURE = "capture"
    SCHEDULE = "schedule"
    IMPORT = "import"
    BUILD = "build"
    GATE = "gate"
    REPLACE = "replace"
    LOAD = "load"
    MANIFEST = "manifest"


@dataclass(frozen=True)
class Stage:
    """A state: a sign, a word and, if it is the first red one, the reason and the remedy."""

    sign: Sign
    word: str
    reason: str = ""
    remedy: Remedy | None = None


OK = Stage(Sign.OK, "ok")
EARLIER = Stage(Sign.OK, "earlier")
UNKNOWN = Stage(Sign.UNKNOWN, "unknown")
NOTHING = Stage(Sign.NOTHING, "none")


@dataclass(frozen=True)
class ChartDay:
    """One chart on one day: attempts and runs in order of time; None if a source was not asked.

    `due` is when a capture counts as missed, None if none is expected. `expects_change` is the
    chart's current setting in charts.toml. `is_blind` says that one of the day's manifests cannot
    be read, `has_others` that one names other charts.
    """

    chart_id: str
    day: date
    now: datetime
    attempts: tuple[Attempt, ...] | None
    runs: tuple[Run, ...] | None
    warehouse: Warehouse | None
    due: datetime | None = None
    is_import: bool = False
    expects_change: bool = True
    is_blind: bool = False
    has_others: bool = False

    @property
    def last(self) -> Attempt | None:
        """The last attempt that left a raw file."""
        return next((attempt for attempt in reversed(self.attempts or ()) if attempt.key), None)

    @property
    def is_told(self) -> bool:
        """Whether a table has anything of the chart: then it was captured, whatever raw says."""
        return bool(self.seen) or any(run.tells_of(self.chart_id) for run in self.runs or ())

    @property
    def seen(self) -> str:
        """The run in which readers see the chart; empty if they do not."""
        return self.warehouse.visible.get((self.day, self.chart_id), "") if self.warehouse else ""

    @property
    def run(self) -> Run | None:
        """The run that the stages describe: if possible with the last capture, and published."""
        last, runs = self.last, self.runs or ()
        reads = [run for run in runs if last and run.has_read(last)]
        older = [run for run in runs if run.tells_of(self.chart_id)]
        choices = (published(reads), reads, published(older), older)
        return next((found[-1] for found in choices if found), None)

    def is_recent(self, instant: datetime | None) -> bool:
        """Return whether something began so recently that it may still be in progress."""
        return instant is not None and self.now - instant < PATIENCE


def published(runs: list[Run]) -> list[Run]:
    """Keep the runs that have a manifest."""
    return [run for run in runs if run.published_at]
