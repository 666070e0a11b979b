"""Measures a command with all its descendants: wall seconds, CPU seconds and peak memory.

    python -m bench.measure program arguments …

Linux hands orphans to the nearest ancestor that asks for them. This process asks, so it can wait
for the JVM that pyspark leaves behind, and `rusage` counts every CPU second. Memory is the sum of
the resident sets of all descendants, read from /proc twenty times a second: shared pages count
twice, and a shorter peak is missed. Of two consecutive readings the smaller counts: for an instant,
a program that Java starts has Java's memory.

The figures are one line of JSON; the command's output goes to standard error. A line `<name>
<monotonic seconds>` in the file named by $BENCH_MARKS becomes seconds since the command's start.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
POLL_SECONDS = 0.05
PROC = Path("/proc")
MARKS = "BENCH_MARKS"


@dataclass(frozen=True)
class Cost:
    """The cost of one run of a command; `marks` are seconds since its start."""

    code: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    marks: dict[str, float] = field(default_factory=dict)


class MeasuringError(Exception):
    """A command could not be measured; the message says why."""


def measure(command: Sequence[str], log: Path) -> Cost:
    """Run a command in a process that measures it; the command's output goes to the log.

    Raises MeasuringError if the command fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as said:
        told = subprocess.run(  # noqa: S603 (our own programs)
            [sys.executable, "-m", "bench.measure", *command],
            stdout=subprocess.PIPE,
            stderr=said,
            check=False,
        )
    if told.returncode:
        last = log.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
        raise MeasuringError(f"{' '.join(command)}\nfailed: {last}\nAll it said is in {log}.")
    return Cost(**json.loads(told.stdout))


def _adopt_orphans() -> None:
    if not PROC.is_dir():
        raise SystemExit("The benches read /proc: they need Linux.")
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _run(command: Sequence[str], marks: Path) -> Cost:
    began = time.monotonic()
    child = subprocess.Popen(  # noqa: S603 (the caller's command)
        command, stdout=sys.stderr, env=os.environ | {MARKS: str(marks)}
    )
    peak = before = 0
    while True:
        try:
            ended, status, _ = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if ended == child.pid:
            child.returncode = os.waitstatus_to_exitcode(status)
        if not ended:
            now = _family_bytes(os.getpid())
            peak, before = max(peak, min(before, now)), now
            time.sleep(POLL_SECONDS)
    wall = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = [line.split() for line in marks.read_text().splitlines()]
    since = {name: float(at) - began for name, at in told}
    return Cost(child.returncode, wall, used.ru_utime + used.ru_stime, peak, since)


def _family_bytes(ancestor: int) -> int:
    """Sum the resident sets of all descendants of a process, without the process itself."""
    parents, pages = {}, {}
    for folder in PROC.glob("[0-9]*"):
        try:
            # The name, in brackets, may contain spaces.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has exited meanwhile
        parents[int(folder.name)] = int(fields[1])
        pages[int(folder.name)] = int(fields[21])

    def descends(process: int) -> bool:
        parent = parents.get(process, 0)
        return parent == ancestor or (parent > 0 and descends(parent))

    return os.sysconf("SC_PAGE_SIZE") * sum(pages[one] for one in pages if descends(one))


def main(command: list[str]) -> None:
    """Measure the command on the command line; exit with its exit code."""
    _adopt_orphans()
    with tempfile.NamedTemporaryFile() as marks:
        cost = _run(command, Path(marks.name))
    sys.stdout.write(json.dumps(asdict(cost)) + "\n")
    sys.exit(cost.code)


if __name__ == "__main__":
    main(sys.argv[1:])
