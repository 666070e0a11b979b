"""The time that a run has: a clock, a way to wait, and what is left. Made at the entry point."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Clock = Callable[[], datetime]

MARGIN_SECONDS = 10
"""Kept back to write the last captures and the manifest in."""
BUDGET_SECONDS = 240
"""What a run has where no Lambda limits it."""


@dataclass(frozen=True)
class Timing:
    """`now` is in UTC; `sleep` takes, and `seconds_left` gives, seconds."""

    now: Clock
    sleep: Callable[[float], None]
    seconds_left: Callable[[], float]


def read_timing(context: Any) -> Timing:
    """Read the real time: left is what the Lambda's context says less the margin, or the budget."""
    if hasattr(context, "get_remaining_time_in_millis"):
        return Timing(
            _now,
            time.sleep,
            lambda: context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS,
        )
    end = time.monotonic() + BUDGET_SECONDS
    return Timing(_now, time.sleep, lambda: end - time.monotonic())


def _now() -> datetime:
    return datetime.now(UTC)
