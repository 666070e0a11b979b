"""What a prune leaves where it is, and what it calls the rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chartlake.contract.paths import instant_of
from glue_jobs.prune.run_folders import RunFolder


@dataclass(frozen=True)
class Removal:
    """A folder that can go, and what it is."""

    kind: str
    folder: RunFolder


@dataclass(frozen=True)
class Rules:
    """What stays: what is younger than `now` less `grace`, and the newest so many beside that."""

    now: datetime
    grace: timedelta
    keep_runs: int
    keep_checkpoints: int

    def is_past(self, run_id: str) -> bool:
        """Say whether a run began before the grace; one whose name is no instant never did."""
        instant = instant_of(run_id)
        return instant is not None and instant < self.now - self.grace
