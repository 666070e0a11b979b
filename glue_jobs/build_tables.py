"""Raw captures and chart files -> every curated table, for a range of dates in one run.

From `raw/playlists/dt=…/chart=…/*.json` and `raw/charts_csv/dt=…/*.csv` to
`curated/<table>/dt=…/run=…/*.parquet`, load_manifest last. The last capture of a day that passes
the checks is its chart. Rejected captures go to quarantine, their chart is held back or keeps its
published version, and the job exits with code 1 so that someone is notified.

A re-run adds a run and never changes existing files. Trends continue from what is published before
the first date. Later published days that depend on the range are rebuilt in the same run. Years
are also one run: it is split into batches and reports its progress.

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
    """Run the job as a process: exit code 0, or 1 with a message if something was held back."""
    config = parse_arguments(arguments, datetime.now(UTC))
    if_stopped = f"Stopped. Nothing of run {config.run_id} was published, unless reported above."
    with job_session("build_tables", if_stopped) as spark:
        unusable = run(spark, config)
    if unusable:
        sys.exit(left_out(len(unusable)))


def left_out(files: int) -> str:
    """Report how many raw files went to quarantine."""
    return counted(
        files,
        "raw file could not be used and is in quarantine; see above.",
        "raw files could not be used and are in quarantine; see above.",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
