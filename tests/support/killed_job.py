"""The job in its own processes, killed without warning after a number of files."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start_job(lake: Path, root: Path, first: str, last: str) -> "subprocess.Popen[bytes]":
    """Start build_tables on a folder of the lake, with its own JVM."""
    place = f"s3://lake/{root.name}"
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "chartlake.spark.submit",
            "--mount",
            f"lake={lake}",
            "glue_jobs.build_tables",
        ]
        + ["--raw-root", place, "--curated-root", place, "--start-date", first, "--end-date", last],
        cwd=ROOT,
        env={name: text for name, text in os.environ.items() if "PYSPARK_GATEWAY" not in name},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def traces(root: Path) -> int:
    """Count the files that a run has written, also temporary ones, in the tables and the state."""
    return sum(len(names) for place in ("curated", "state") for *_, names in os.walk(root / place))


def kill_after(job: "subprocess.Popen[bytes]", root: Path, more: int) -> bool:
    """Kill the job after so many new files; return whether it was still running."""
    limit = traces(root) + more
    while traces(root) < limit and job.poll() is None:
        time.sleep(0.001)
    was_running = job.poll() is None
    _kill_all(job.pid)
    job.communicate()
    return was_running


def _kill_all(pid: int) -> None:
    family = [pid, *_descendants(pid)]
    for member in family:
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)


def _descendants(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield int(child)
                yield from _descendants(int(child))
