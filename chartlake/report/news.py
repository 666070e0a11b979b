"""Which editions a run has made news: each is told once, by the run that first publishes it.

Nothing is remembered for that: the ledger knows which runs have published a chart's day. So a run
that is repeated, a day that is built again and a weekly chart that still shows last week's edition
are no news. With an hourly schedule a day's chart changes until the day is over: then the first run
of the next day tells it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

Row = dict[str, Any]
Editions = dict[str, date]
"""Chart -> the edition of it that is told."""

LONGEST = timedelta(days=7)
"""A run over more days is a backfill, and days that lie further back are no news."""


@dataclass(frozen=True)
class Run:
    """A run of build_tables over some days, and when it was started, in UTC.

    `days_back`: 1 where a day's chart is settled by the next day alone, else 0.
    """

    start_date: date
    end_date: date
    started_at: datetime
    days_back: int = 0

    @property
    def is_of_today(self) -> bool:
        """Whether it builds few days, and none of long ago."""
        age = self.started_at.date() - self.end_date
        return self.end_date - self.start_date < LONGEST and age <= LONGEST


def newest_editions(charts: Sequence[Row]) -> Editions:
    """Take each chart's newest edition, from MARTS.CHART_FRESHNESS."""
    return {chart["chart_id"]: chart["edition_date"] for chart in charts if chart["edition_date"]}


def made_by(run: Run, charts: Sequence[Row], ledger: Sequence[Row]) -> Editions:
    """Take the days that a run was the first to publish, of charts that have no newer day.

    A day is an edition only where MARTS.CHART_PULSE has it, too: others repeat the one before.
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
