"""The time of a run: a clock, a way to wait, and the time left. Created at the entry point."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Clock = Callable[[], datetime]

MARGIN_SECONDS = 10
"""Reserved for writing the last captures and the manifest."""
BUDGET_SECONDS = 240
"""Time limit of a run outside Lambda."""


@dataclass(frozen=True)
class Timing:
    """`now` is in UTC; `sleep` takes seconds and `seconds_left` returns them."""

    now: Clock
    sleep: Callable[[float], None]
    seconds_left: Callable[[], float]


def read_timing(context: Any) -> Timing:
    """Use the real clock; the time left is the Lambda context's minus the margin, or the budget."""
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
