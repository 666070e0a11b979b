"""One line of advice about a red stage: a command, or the page that has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chartlake.status.chart_day import Remedy
from chartlake.status.problems import Problem

BACKFILL_DAYS = 31
GAP = "a past day stays a gap, unless its chart file is imported (docs/import-charts.md)"
SECTIONS = {
    Remedy.CAPTURE: "charts-failed",
    Remedy.SCHEDULE: "no-run",
    Remedy.GATE: "build-failed",
}
"""The section of the runbook for what no command fixes."""


@dataclass(frozen=True)
class OnAws:
    """A deployment: its environment, and the root of its raw files."""

    environment: str
    raw_root: str

    def build(self, first: date, last: date) -> str:
        """Return the command that builds some days again."""
        days = f"--from {first}" if first == last else f"--from {first} --to {last}"
        size = " --backfill" if (last - first).days >= BACKFILL_DAYS else ""
        return f"chartlake aws run {self.environment} {days}{size}"

    @property
    def load(self) -> str:
        """Return the command that loads what the warehouse lacks, and says why it was missing."""
        return f"chartlake reconcile --env {self.environment} --refresh"

    @property
    def capture(self) -> str:
        """Return how to capture today again."""
        return "capture again (docs/runbook.md, at its top)"

    @property
    def configure(self) -> str:
        """Return how to start capturing a chart that is new in charts.toml."""
        return f"chartlake aws deploy {self.environment}, and wait for the schedule"

    def page(self, remedy: Remedy) -> str:
        """Return the page with more details."""
        return f"docs/runbook.md, {SECTIONS[remedy]}"


@dataclass(frozen=True)
class OnThisMachine:
    """A lake's folder, and the folder of its raw files, which may be elsewhere."""

    lake: str
    raw_root: str
    is_apart: bool = False

    def build(self, first: date, last: date) -> str:
        """Return the commands that build some days again, and load them."""
        days = f"--from {first}" if first == last else f"--from {first} --to {last}"
        raw = f" --raw {self.raw_root}" if self.is_apart else ""
        return f"chartlake build {days} --lake {self.lake}{raw}, then {self.load}"

    @property
    def load(self) -> str:
        """Return the command that loads what the warehouse lacks, and says why it was missing."""
        return f"chartlake reconcile --lake {self.lake} --refresh"

    @property
    def capture(self) -> str:
        """Return how to capture today again."""
        return "capture again"

    @property
    def configure(self) -> str:
        """Return how to start capturing a chart that is new in charts.toml."""
        return self.capture

    def page(self, remedy: Remedy) -> str:
        """Return the command that shows more, or an empty text."""
        return "chartlake doctor" if remedy is Remedy.CAPTURE else ""


Place = OnAws | OnThisMachine


def advise(problem: Problem, today: date, place: Place) -> str:
    """Return advice on a problem: one line, without a full stop."""
    remedy, days = problem.remedy, problem.days
    if remedy is Remedy.LOAD:
        return place.load
    if remedy in (Remedy.IMPORT, Remedy.REPLACE):
        first = "move the file out of raw, then " if remedy is Remedy.REPLACE else ""
        command = f"chartlake import FILE... --raw {place.raw_root}"
        return f"{first}{command} (docs/import-charts.md)"
    if remedy in SECTIONS:
        now = (place.capture if today in days else "") if days else place.configure
        gap = GAP if set(days) - {today} else ""
        return "; ".join(filter(None, (now, gap, place.page(remedy))))
    build = place.build(days[0], days[-1])
    return build if remedy is Remedy.BUILD else f"a rebuild needs no raw files: {build}"


def days_of(days: Sequence[date]) -> str:
    """Format days: 2026-11-20, 2026-11-18 to 2026-11-20, or a list in order."""
    if len(days) > 1 and (days[-1] - days[0]).days == len(days) - 1:
        return f"{days[0]} to {days[-1]}"
    return ", ".join(map(str, days)) or "no day yet"
