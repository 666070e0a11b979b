"""How far to trust the data: what is late, held back, left out or still loading, in sentences.

Everything is read from CHART_FRESHNESS and RUN_LEDGER. Days are compared with the newest day of the
lake, never with a clock: the page itself shows its age in the browser. Charts are compared by
Spotify's own date, because a playlist shows a chart some days after its date.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from chartlake.contract.counts import counted
from chartlake.report.formatting import Row, day, rows_loaded

PATIENCE_DAYS = {"daily": 0, "weekly": 7}
"""Days a chart may be behind the lake's newest day; a weekly one may be captured once a week."""


def newest_spotify_date(ledger: list[Row]) -> date:
    """Return the newest day of the lake by Spotify's own date; raises ValueError without rows."""
    dates: list[date] = [
        row["snapshot_date"] - timedelta(row["days_behind"] or 0) for row in ledger
    ]
    return max(dates)


def notes(fresh: Row, ledger: list[Row], newest: date) -> list[str]:
    """Describe what is wrong with one chart; empty if all is well.

    `ledger` has the chart's rows of RUN_LEDGER since its newest day. `newest` is the lake's newest
    day, by Spotify's own date.
    """
    return [*_of_the_day(fresh, newest), *(n for row in ledger for n in _of_a_run(row, fresh))]


def unseen(fresh: list[Row], ledger: list[Row]) -> list[str]:
    """Describe the charts that were tried but never shown."""
    shown = {row["chart_id"] for row in fresh}
    rows = {row["chart_id"]: row for row in ledger if row["chart_id"] not in shown}
    return [
        f"{chart_id}: no day of it can be shown yet; {day(row['snapshot_date'])} was {_why(row)}."
        for chart_id, row in rows.items()
        if chart_id is not None
    ]


def _of_the_day(fresh: Row, newest: date) -> Iterator[str]:
    captured_on, spotify_date = fresh["captured_on"], fresh["spotify_date"]
    behind = (newest - spotify_date).days
    if behind > PATIENCE_DAYS.get(fresh["cadence"], 0):
        newest_day = "newest day" if spotify_date == captured_on else "newest day by Spotify's date"
        yield f"Out of date: its {newest_day} is {day(spotify_date)}, the lake's {day(newest)}."
    if not fresh["entries"]:
        yield f"Empty: no song was read on {day(captured_on)}."
    if left_out := fresh["left_out"]:
        what = counted(left_out, "place holds", "places hold")
        yield f"Incomplete: {what} no track that could be read."
    if fresh["is_repeat"] and fresh["expects_change"] and fresh["cadence"] == "daily":
        yield (f"{day(captured_on)} still shows the edition of {day(fresh['edition_date'])}.")


def _of_a_run(row: Row, fresh: Row) -> Iterator[str]:
    when = day(row["snapshot_date"])
    if row["gate"] == "held back" and row["snapshot_date"] > fresh["captured_on"]:
        yield f"{when} was {_why(row)}."
    if row["gate"] == "kept":
        yield f"A newer capture of {when} was {_why(row)}: the one before it is shown."
    if row["status"] == "loading":
        yield f"A newer run of {when} is on its way: {rows_loaded(row)}."
    if row["status"] == "unpublished":
        yield f"A run of {when} did not finish, or has not yet."


def _why(row: Row) -> str:
    rules = f" by {row['failed_rules']}" if row["failed_rules"] else ""
    return (
        f"held back{rules}"
        if row["gate"] in ("held back", "kept")
        else f"not seen ({row['status']})"
    )
