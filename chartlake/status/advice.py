"""What to do about a red hop, in one line: a command, or the page that has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chartlake.status.case import Remedy
from chartlake.status.troubles import Trouble

BACKFILL_DAYS = 31
GAP = "a past day stays a gap, unless its chart file is imported (docs/import-charts.md)"
SECTIONS = {
    Remedy.CAPTURE: "charts-failed",
    Remedy.SCHEDULE: "no-run",
    Remedy.GATE: "build-failed",
}
"""The section of the runbook for what no command mends."""


@dataclass(frozen=True)
class OnAws:
    """A deployment: its environment, and the root of its raw files."""

    environment: str
    raw_root: str

    def build(self, first: date, last: date) -> str:
        """Write the command that builds some days again."""
        days = f"DATE={first}" if first == last else f"FROM={first} TO={last}"
        size = " BACKFILL=1" if (last - first).days >= BACKFILL_DAYS else ""
        return f"make run ENV={self.environment} {days}{size}"

    @property
    def load(self) -> str:
        """Write the command that has the warehouse load what is missing, and says why it was."""
        return f"make reconcile ENV={self.environment} OPTIONS=--refresh"

    @property
    def capture(self) -> str:
        """Say how today is captured again."""
        return "capture again (docs/runbook.md, at its top)"

    @property
    def configure(self) -> str:
        """Say how a chart that is new in charts.toml comes to be captured."""
        return f"make deploy ENV={self.environment}, and wait for the schedule"

    def page(self, remedy: Remedy) -> str:
        """Name the page that says more."""
        return f"docs/runbook.md, {SECTIONS[remedy]}"


@dataclass(frozen=True)
class OnThisMachine:
    """A lake of a folder, and the folder of its raw files, which may lie elsewhere."""

    lake: str
    raw_root: str
    is_apart: bool = False

    def build(self, first: date, last: date) -> str:
        """Write the commands that build some days again, and load them."""
        raw = f" RAW={self.raw_root}" if self.is_apart else ""
        return f"make backfill FROM={first} TO={last} LAKE={self.lake}{raw}, then {self.load}"

    @property
    def load(self) -> str:
        """Write the command that has the warehouse load what is missing, and says why it was."""
        return f"make reconcile LAKE={self.lake} OPTIONS=--refresh"

    @property
    def capture(self) -> str:
        """Say how today is captured again."""
        return "capture again"

    @property
    def configure(self) -> str:
        """Say how a chart that is new in charts.toml comes to be captured."""
        return self.capture

    def page(self, remedy: Remedy) -> str:
        """Name the command that says more, where there is one."""
        return "make doctor" if remedy is Remedy.CAPTURE else ""


Place = OnAws | OnThisMachine


def advise(trouble: Trouble, today: date, place: Place) -> str:
    """Say what to do about a trouble: one line, without a stop at its end."""
    remedy, days = trouble.remedy, trouble.days
    if remedy is Remedy.LOAD:
        return place.load
    if remedy in (Remedy.IMPORT, Remedy.REPLACE):
        first = "move the file out of raw, then " if remedy is Remedy.REPLACE else ""
        command = f'make import-charts FILES="…" RAW={place.raw_root}'
        return f"{first}{command} (docs/import-charts.md)"
    if remedy in SECTIONS:
        now = (place.capture if today in days else "") if days else place.configure
        gap = GAP if set(days) - {today} else ""
        return "; ".join(filter(None, (now, gap, place.page(remedy))))
    build = place.build(days[0], days[-1])
    return build if remedy is Remedy.BUILD else f"its raw files do not need it: {build}"


def days_of(days: Sequence[date]) -> str:
    """Write days in order: 2026-11-20, 2026-11-18 to 2026-11-20, or one after the other."""
    if len(days) > 1 and (days[-1] - days[0]).days == len(days) - 1:
        return f"{days[0]} to {days[-1]}"
    return ", ".join(map(str, days)) or "no day yet"
