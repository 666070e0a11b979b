"""A run's days, split into batches: each is built on the one before it, and written.

Batches bound the memory and disk that years need, and show the progress of a long run.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from chartlake.contract.chart_config import Chart
from chartlake.contract.counts import counted
from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from glue_jobs.build.arguments import JobConfig
from glue_jobs.lake.publish import count_rows, publish_table
from glue_jobs.tables.history import History, condense, extend
from glue_jobs.tables.pipeline import Tables, build_trends

logger = logging.getLogger("build_tables")
BUILT = [table for table in TABLES if table is not LOAD_MANIFEST]
TABLES_AT_ONCE = 4


def cut(
    days: Sequence[date], files: Mapping[date, int], most_days: int, most_files: int
) -> list[list[date]]:
    """Split days, in order, into batches of at most so many days and raw files; no day is split."""
    parts: list[list[date]] = []
    for day in days:
        last = parts[-1] if parts else []
        held = sum(files.get(other, 0) for other in (*last, day))
        if not last or len(last) == most_days or held > most_files:
            parts.append([])
        parts[-1].append(day)
    return parts


def progress(entries: int, done: int, days: int, seconds: float) -> str:
    """Report a batch's size, how many of a run's days are done, and the estimated time left."""
    left = seconds / done * (days - done)
    return (
        f"{counted(entries, 'chart entry', 'chart entries')}; {done:,} of {counted(days, 'day')} "
        f"in {seconds:,.0f} s, about {left:,.0f} s left."
    )


class Batches:
    """What the batches of one run share: their destination, and the state that they pass on."""

    def __init__(
        self, spark: SparkSession, config: JobConfig, charts: Sequence[Chart], history: History
    ) -> None:
        """Start from the state before the run's first day; `charts` come from the charts file."""
        self.spark, self.config, self.charts = spark, config, charts
        self.counts: dict[str, Counter[date]] = {table.name: Counter() for table in BUILT}
        self.last_day: date | None = None
        self._history = history
        self._built: Tables = {}

    def of(self, days: Sequence[date], files: Mapping[date, int]) -> Iterator[list[date]]:
        """Yield the days batch by batch, and log the run's progress after each.

        `files` counts the raw files to read for each day.
        """
        began, done = time.monotonic(), 0
        for part in cut(days, files, self.config.days_at_once, self.config.files_at_once):
            before = sum(self.counts["chart_entries"].values())
            yield part
            done, seconds = done + len(part), time.monotonic() - began
            entries = sum(self.counts["chart_entries"].values()) - before
            message = progress(entries, done, len(days), seconds)
            logger.info("%s to %s: %s", part[0], part[-1], message)

    def build(self, charts: Tables, days: Sequence[date]) -> Tables:
        """Build every table of the next batch from its charts."""
        if self._built:
            self._history = condense(self.history())
        self._built = build_trends(charts, self._history)
        self.last_day = days[-1]
        return self._built

    def write(self, days: Sequence[date]) -> None:
        """Write the tables of the last built batch, for these of its days.

        Several at a time: each is a small query, whose planning leaves the executors idle.
        """
        root, run_id = self.config.curated_root, self.config.run_id
        asked = F.col("snapshot_date").isin(list(days))
        tables = {table.name: self._built[table.name].where(asked) for table in BUILT}
        with ThreadPoolExecutor(TABLES_AT_ONCE) as pool:
            list(
                pool.map(
                    lambda table: publish_table(tables[table.name], table, root, run_id), BUILT
                )
            )
        for name, counts in count_rows(tables).items():
            self.counts[name].update(counts)

    def counts_of(self, days: Sequence[date]) -> dict[str, dict[str, int]]:
        """Return the rows written per table on each of the days, including 0."""
        return {
            day.isoformat(): {table: by_day[day] for table, by_day in self.counts.items()}
            for day in days
        }

    def history(self) -> History:
        """Return the state after the last batch."""
        return extend(self._history, self._built)
