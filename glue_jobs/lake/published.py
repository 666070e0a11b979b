"""What was published when a run began, and whether that is unchanged when it ends.

AWS starts one run at a time. On a laptop two may overlap, and one may replace what the other was
built on before the other publishes.
"""

from dataclasses import dataclass
from datetime import date

from pyspark.sql import SparkSession

from glue_jobs.job.errors import JobError
from glue_jobs.lake.checkpoints import Checkpoint
from glue_jobs.lake.read import Runs, read_published_days, read_published_runs


@dataclass(frozen=True)
class Published:
    """The published days, in order, and the current run of each that a run may read."""

    days: list[date]
    runs: Runs


def read_published(
    spark: SparkSession, root: str, days: list[date], start: Checkpoint | None
) -> Published:
    """Read which runs are current after the checkpoint that a run starts from."""
    since = [day for day in days if start is None or day > start.day]
    return Published(days, read_published_runs(spark, root, since))


def check_unchanged(
    spark: SparkSession, root: str, start: Checkpoint | None, before: Published, run_id: str
) -> None:
    """Raise JobError if another run has published since this one began."""
    now = read_published(spark, root, read_published_days(spark, root), start)
    others = sorted(now.runs.items() - before.runs.items())
    if others:
        day, other = others[0]
        raise JobError(
            f"Run {other} published {day} after run {run_id} had started, so the input of run "
            f"{run_id} is stale. Nothing of it was published. Run it again, and only one run at a "
            "time on the same lake."
        )
