"""The reported cost of a measured command, and the statistics of the figures."""

import sys
from functools import partial

import pytest

from bench.compare import Candidate, Target, cost_lines, ratio_line, take_turns
from bench.measure import Cost, MeasuringError, measure

BUSY = "t = time.process_time()\nwhile time.process_time() - t < 0.4: pass"


def python(*lines: str) -> list[str]:
    return [sys.executable, "-c", "\n".join(["import subprocess, sys, time", *lines])]


def test_all_processes_of_a_command_are_measured_even_an_orphan(tmp_path):
    """All processes of a command are measured, even if it leaves an orphan."""
    grandchild = f"import time; kept = bytearray(150_000_000)\n{BUSY}"
    family = python(
        f"subprocess.Popen([sys.executable, '-c', {grandchild!r}], start_new_session=True)",
        "from bench.programs.marks import mark; mark('ready')",
    )
    cost = measure(family, tmp_path / "log")
    assert 0.4 <= cost.wall_seconds < 5
    assert 0.4 <= cost.cpu_seconds < 5
    assert 150e6 < cost.peak_bytes < 400e6
    assert 0 < cost.marks["ready"] < cost.wall_seconds


def test_waiting_is_not_counted_as_cpu_time(tmp_path):
    cost = measure(python("time.sleep(0.5)"), tmp_path / "log")
    assert cost.wall_seconds >= 0.5 > cost.cpu_seconds


def test_a_failed_command_is_not_measured_and_its_output_is_kept(tmp_path):
    log = tmp_path / "logs" / "log"
    with pytest.raises(MeasuringError, match=r"(?s)failed: no such chart\n.*log\.$"):
        measure(python("print('first'); sys.exit('no such chart')"), log)
    assert "first" in log.read_text()


def test_the_compared_commands_take_turns(tmp_path):
    ran: list[str] = []
    candidates = [Candidate(name, python("pass"), partial(ran.append, name)) for name in "ab"]
    costs = take_turns(candidates, 2, tmp_path)
    assert ran == ["a", "b", "a", "b"]
    assert [len(runs) for runs in costs.values()] == [2, 2]


def test_a_ratio_is_computed_per_round():
    line = ratio_line("job / floor", [2, 9, 8], [1, 3, 2], Target(2.5))
    assert line == "  job / floor: median 3.00 (min 2.00, max 4.00); target at most 2.5: MISSED"


def test_a_reached_target_is_reported():
    assert Target(2.5).judge(2.5) == "target at most 2.5: met"
    assert Target(4, at_most=False).judge(3.9) == "target at least 4: MISSED"
    assert Target(4, at_most=False).judge(4) == "target at least 4: met"


def test_the_costs_of_each_candidate_are_on_one_line():
    runs = [Cost(0, 1, 10, 400_000_000), Cost(0, 4, 30, 2_000_000_000), Cost(0, 2, 20, 0)]
    assert list(cost_lines({"job": runs, "short": runs[:1]})) == [
        "  job    wall median 2.0 (min 1.0, max 4.0) s, CPU 20.0 s, peak memory 2.00 GB (3 runs)",
        "  short  wall median 1.0 (min 1.0, max 1.0) s, CPU 10.0 s, peak memory 0.40 GB (1 run)",
    ]
