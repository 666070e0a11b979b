"""Formats days, shares and the loading progress of a run for people."""

from datetime import date
from typing import Any

from chartlake.contract.counts import counted

Row = dict[str, Any]
"""A row of MARTS, or one derived from it: column -> value."""


def day(value: date | None) -> str:
    """Format a day for people: 7 November 2026."""
    return f"{value.day} {value:%B %Y}" if value else "no day"


def percent(share: float | None, digits: int = 0) -> str:
    """Format a share for people: 0.125 -> 12.5 %."""
    return "–" if share is None else f"{100 * share:.{digits}f} %"


def signed(share: float | None) -> str:
    """Format a change of a share in percentage points: 0.0125 -> +1.2, about zero -> 0.0."""
    if share is None:
        return "new"
    text = f"{100 * share:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", "\u2212")


def rows_loaded(run: Row) -> str:
    """Format how many of a run's rows have arrived; an unpublished run promises none."""
    loaded, expected = run["rows_loaded"], run["rows_expected"]
    if expected is None:
        return counted(loaded, "row")
    return f"{loaded:,} of {counted(expected, 'row')}"
