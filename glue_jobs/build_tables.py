"""Raw captures and chart files -> every curated table, for a range of dates in one run.

From `raw/playlists/dt=…/chart=…/*.json` and `raw/charts_csv/dt=…/*.csv` to
`curated/<table>/dt=…/run=…/*.parquet`, load_manifest last. The last fit capture of a day is its
chart. What is unfit goes to quarantine, its chart is held back or stays as it was published, and
the run ends with code 1 so that someone is told.

A re-run adds a run and changes nothing that is there. Trends continue from what is published before
the first date; published days after the last date that depend on it are built again in the same
run. Years are one run, too: it is cut into parts and says how far it is.

    PYTHONPATH=. spark-submit glue_jobs/build_tables.py
        --raw-root s3://raw --curated-root s3://curated --start-date 2026-10-01
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from chartlake.contract.counts import counted
from glue_jobs.build.arguments import parse_arguments
from glue_jobs.build.run import run
from glue_jobs.job.session import job_session


def main(arguments: Sequence[str]) -> None:
    """Run the job as a process: code 0, or 1 with a sentence where something was held back."""
    config = parse_arguments(arguments, datetime.now(UTC))
    if_stopped = f"Stopped. Nothing of run {config.run_id} is published, unless it says so above."
    with job_session("build_tables", if_stopped) as spark:
        unusable = run(spark, config)
    if unusable:
        sys.exit(left_out(len(unusable)))


def left_out(files: int) -> str:
    """Say how many raw files went to quarantine."""
    return counted(
        files,
        "raw file could not be used and is in quarantine; see above.",
        "raw files could not be used and are in quarantine; see above.",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
