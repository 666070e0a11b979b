"""A command -> what it cost: wall seconds, CPU seconds and peak memory, its whole family included.

    python -m bench.measure program arguments …

Linux hands orphans to the nearest ancestor that asks for them. This process asks, so that the JVM
that pyspark leaves behind is waited for like a child, and every CPU second is in the `rusage` of a
child that was waited for. Memory is the sum of the family's resident sets, read from /proc twenty
times a second: pages that two of them share count twice, and a shorter peak is missed. Of two
readings in a row the lesser counts: for an instant a program that Java starts has Java's memory.

The figures are one line of JSON; what the command says goes to the standard error. A line `<name>
<monotonic seconds>` in the file that $BENCH_MARKS names becomes seconds since the command's start.
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
    """What one run of a command cost; `marks` are seconds from its start."""

    code: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    marks: dict[str, float] = field(default_factory=dict)


class MeasuringError(Exception):
    """A command could not be measured; the message says why."""


def measure(command: Sequence[str], log: Path) -> Cost:
    """Run a command to its end, in a process that measures it; what it says goes to the log.

    Raises MeasuringError where the command fails.
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
    """Sum the resident sets of all that descend from a process; it itself does not count."""
    parents, pages = {}, {}
    for folder in PROC.glob("[0-9]*"):
        try:
            # The name, in brackets, may hold blanks.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        parents[int(folder.name)] = int(fields[1])
        pages[int(folder.name)] = int(fields[21])

    def descends(process: int) -> bool:
        parent = parents.get(process, 0)
        return parent == ancestor or (parent > 0 and descends(parent))

    return os.sysconf("SC_PAGE_SIZE") * sum(pages[one] for one in pages if descends(one))


def main(command: list[str]) -> None:
    """Measure the command of this command line; end with its code, however that is."""
    _adopt_orphans()
    with tempfile.NamedTemporaryFile() as marks:
        cost = _run(command, Path(marks.name))
    sys.stdout.write(json.dumps(asdict(cost)) + "\n")
    sys.exit(cost.code)


if __name__ == "__main__":
    main(sys.argv[1:])
