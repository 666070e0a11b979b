"""Which editions are news from a run: each is reported once, by the run that first publishes it.

No state is kept for that: the ledger knows which runs have published a chart's day. So a repeated
run, a day that is built again and a weekly chart that still shows last week's edition are not news.
With an hourly schedule, a day's chart changes until the day is over; then the first run of the next
day reports it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

Row = dict[str, Any]
Editions = dict[str, date]
"""Chart -> the edition of it to report."""

LONGEST = timedelta(days=7)
"""A run over more days is a backfill, and older days are not news."""


@dataclass(frozen=True)
class Run:
    """A run of build_tables over some days, and when it was started, in UTC.

    `days_back`: 1 if a day's chart is final only on the next day, else 0.
    """

    start_date: date
    end_date: date
    started_at: datetime
    days_back: int = 0

    @property
    def is_of_today(self) -> bool:
        """Whether it builds few days, all of them recent."""
        age = self.started_at.date() - self.end_date
        return self.end_date - self.start_date < LONGEST and age <= LONGEST


def newest_editions(charts: Sequence[Row]) -> Editions:
    """Return each chart's newest edition, from MARTS.CHART_FRESHNESS."""
    return {chart["chart_id"]: chart["edition_date"] for chart in charts if chart["edition_date"]}


def made_by(run: Run, charts: Sequence[Row], ledger: Sequence[Row]) -> Editions:
    """Return the days that a run was the first to publish, of charts that have no newer day.

    A day is an edition only if MARTS.CHART_PULSE has it, too: others repeat the previous one.
    """
    back = timedelta(days=run.days_back)
    return {
        chart["chart_id"]: chart["captured_on"] - back
        for chart in charts
        if run.start_date <= chart["captured_on"] <= run.end_date and _was_first(run, chart, ledger)
    }


def _was_first(run: Run, chart: Row, ledger: Sequence[Row]) -> bool:
    published = [
        row["published_at"]
        for row in ledger
        if (row["chart_id"], row["snapshot_date"]) == (chart["chart_id"], chart["captured_on"])
        and row["captured_at"]
        and row["published_at"]
    ]
    return len(published) == 1 and published[0] >= run.started_at
