"""Which days of a chart should have been captured by now.

Spotify serves only today's chart, so a chart is expected on each day on which its captures run; for
a weekly chart, one day a week is enough. People fetch files from charts.spotify.com some days after
their date, and a weekly file is dated on a Thursday. A chart is not expected before it was first
named anywhere: it was not configured yet.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from chartlake.contract.chart_config import Chart

PATIENCE = timedelta(hours=1)
"""How long a stage may take before it needs attention."""

FILE_DAYS = 3
"""Days after its date until a chart file counts as missed, as in OPS.LATE_CHARTS."""

WEEK = timedelta(days=7)
THURSDAY = 3


@dataclass(frozen=True)
class Schedule:
    """When playlists are captured: at an hour (UTC), or every hour, which is hour 0; None: never.

    `charts` are the ids that it captures. `is_promised` says whether captures are promised: on a
    laptop, nobody said that every chart of charts.toml would be captured.
    """

    hour: int | None
    charts: frozenset[str]
    is_promised: bool = True


def due_at(
    chart: Chart, day: date, schedule: Schedule, captured: Collection[date], since: date | None
) -> datetime | None:
    """Return when a capture of this day counts as missed, in UTC; None if none is expected.

    `captured` has the days on which the chart was captured, `since` the first that named it.
    """
    if since is None or day < since:
        return None
    midnight = datetime.combine(day, time(), UTC)
    if chart.source == "charts_csv":
        is_dated = chart.cadence == "daily" or day.weekday() == THURSDAY
        return midnight + timedelta(days=1 + FILE_DAYS) if is_dated else None
    if schedule.hour is None or chart.chart_id not in schedule.charts:
        return None
    if chart.cadence == "weekly" and any(day - WEEK < other <= day for other in captured):
        return None
    return midnight + timedelta(hours=schedule.hour) + PATIENCE
