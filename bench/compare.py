"""Compares the cost of commands; they take turns, so that a noisy machine affects all of them.

A ratio is computed within each turn. Its median counts; the range is shown beside it.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.measure import Cost, measure
from chartlake.contract.counts import counted

GIGABYTE = 1e9


@dataclass(frozen=True)
class Candidate:
    """A command to measure, and the setup before each of its runs."""

    name: str
    command: Sequence[str]
    prepare: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Target:
    """A target for a ratio: at most, or at least, a figure."""

    limit: float
    at_most: bool = True

    def judge(self, ratio: float) -> str:
        """Describe the target, and whether a ratio meets it."""
        met = ratio <= self.limit if self.at_most else ratio >= self.limit
        words = "at most" if self.at_most else "at least"
        return f"target {words} {self.limit:g}: {'met' if met else 'MISSED'}"


def take_turns(candidates: Sequence[Candidate], turns: int, folder: Path) -> dict[str, list[Cost]]:
    """Run all candidates one after the other, once per turn.

    Raises MeasuringError if one of them fails.
    """
    costs: dict[str, list[Cost]] = {candidate.name: [] for candidate in candidates}
    for turn in range(1, turns + 1):
        for candidate in candidates:
            sys.stderr.write(f"  turn {turn} of {turns}: {candidate.name} … ")
            sys.stderr.flush()
            candidate.prepare()
            log = folder / "logs" / f"{candidate.name.replace(' ', '-')}.log"
            cost = measure(candidate.command, log)
            costs[candidate.name].append(cost)
            sys.stderr.write(f"{cost.wall_seconds:.1f} s\n")
    return costs


def cost_lines(costs: Mapping[str, Sequence[Cost]]) -> Iterator[str]:
    """Yield the cost of each candidate, one line each."""
    width = max(len(name) for name in costs)
    for name, runs in costs.items():
        wall = spread([run.wall_seconds for run in runs])
        cpu = median(run.cpu_seconds for run in runs)
        peak = max(run.peak_bytes for run in runs) / GIGABYTE
        yield (
            f"  {name:<{width}}  wall {wall} s, CPU {cpu:.1f} s, peak memory {peak:.2f} GB"
            f" ({counted(len(runs), 'run')})"
        )


def ratio_line(
    what: str, over: Sequence[float], under: Sequence[float], target: Target | None = None
) -> str:
    """Describe the ratio of two series that took turns, and whether it meets its target."""
    ratios = [one / other for one, other in zip(over, under, strict=True)]
    judged = f"; {target.judge(median(ratios))}" if target else ""
    return f"  {what}: {spread(ratios, 2)}{judged}"


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Format a median with the minimum and maximum."""
    low, middle, high = (f"{v:.{digits}f}" for v in (min(values), median(values), max(values)))
    return f"median {middle} (min {low}, max {high})"


def cpus(runs: Sequence[Cost]) -> list[float]:
    """Return the CPU seconds of each run; other processes affect them less than wall time."""
    return [run.cpu_seconds for run in runs]


def walls(runs: Sequence[Cost]) -> list[float]:
    """Return the wall seconds of each run."""
    return [run.wall_seconds for run in runs]
