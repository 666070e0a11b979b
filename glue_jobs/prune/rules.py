"""What a prune keeps, and how it classifies the rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chartlake.contract.paths import instant_of
from glue_jobs.prune.run_folders import RunFolder


@dataclass(frozen=True)
class Removal:
    """A folder to remove, and its kind."""

    kind: str
    folder: RunFolder


@dataclass(frozen=True)
class Rules:
    """What stays: anything newer than `now` minus `grace`, and the newest so many besides."""

    now: datetime
    grace: timedelta
    keep_runs: int
    keep_checkpoints: int

    def is_past(self, run_id: str) -> bool:
        """Return whether a run began before the grace period; unparseable ids never did."""
        instant = instant_of(run_id)
        return instant is not None and instant < self.now - self.grace
