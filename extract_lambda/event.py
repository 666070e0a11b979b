"""The invocation's event -> the run it requests, before anything is read or written."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from chartlake.contract.chart_config import Chart
from chartlake.contract.paths import run_id_at
from chartlake.contract.printable import printable
from extract_lambda.capture import Run

EARLIEST = 2008
"""Spotify's first year; an earlier one is a mistake."""


class EventError(ValueError):
    """The event is invalid; the message says what is wrong and what is allowed."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def read_event(event: Any, charts: Sequence[Chart], now: datetime) -> Run:
    """Read the event; by default it means all charts, today.

    `scheduled_at` names the run, so the same event delivered twice is the same run. The event's
    charts are part of the name, since another schedule may request others at the same time.
    Without `scheduled_at` the run is named after `now`, with its microseconds: two runs may start
    within a second.

    Raises EventError for an invalid date, timestamp or chart.
    """
    if not isinstance(event, dict):
        raise EventError(f"The event is {type(event).__name__}, not a JSON object. Send {{}}.")
    scheduled_at, day, wanted = map(event.get, ("scheduled_at", "snapshot_date", "charts"))
    chosen = _chosen(wanted, charts)
    if scheduled_at is None:
        instant, suffix = now, f"{now.microsecond:06x}"
    else:
        instant, suffix = _instant(scheduled_at), "" if wanted is None else _hash_of(chosen)
    snapshot_date = instant.date() if day is None else _day(day)
    return Run(run_id_at(instant, suffix), snapshot_date, chosen)


def _instant(text: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None and instant.year >= EARLIEST:
            return instant.astimezone(UTC)
    except (OverflowError, TypeError, ValueError):
        pass
    raise EventError(
        "scheduled_at must be a timestamp with a time zone, such as 2026-11-20T06:00:00Z, "
        f"not {text!r}."
    )


def _day(text: Any) -> date:
    try:
        day = date.fromisoformat(text)
        if day.year >= EARLIEST:
            return day
    except (TypeError, ValueError):
        pass
    raise EventError(f"snapshot_date must be a date such as 2026-11-20, not {text!r}.")


def _chosen(wanted: Any, charts: Sequence[Chart]) -> tuple[Chart, ...]:
    """Return the charts that the event names, in the order of charts.toml."""
    if wanted is None:
        return tuple(charts)
    known = [chart.chart_id for chart in charts]
    if not isinstance(wanted, list) or not wanted:
        raise EventError(f"charts must be a list of these ids: {_listed(known)}; not {wanted!r}.")
    if unknown := [chart_id for chart_id in wanted if chart_id not in known]:
        raise EventError(f"charts.toml has no {_listed(unknown)}. It has {_listed(known)}.")
    return tuple(chart for chart in charts if chart.chart_id in wanted)


def _hash_of(charts: Sequence[Chart]) -> str:
    return sha256(_listed(chart.chart_id for chart in charts).encode()).hexdigest()[:6]


def _listed(ids: Any) -> str:
    return ", ".join(sorted(map(str, ids)))
