"""Which days a run builds: those it was asked for, and the published ones that depend on them."""

import logging
from collections.abc import Collection
from datetime import date, timedelta

from pyspark.sql import SparkSession

from glue_jobs.read import days_with_raw

logger = logging.getLogger("build_tables")


class JobError(Exception):
    """The run cannot go on; the message says what to do."""


def days_to_build(
    spark: SparkSession, raw_root: str, start: date, end: date, published: Collection[date]
) -> list[date]:
    """Return the days from start on that have raw captures, up to end or the last published day.

    Raises JobError where none of the days asked for has raw captures, or a published one lost them.
    """
    asked = days_with_raw(spark, raw_root, _range(start, end))
    if not asked:
        raise JobError(
            f"No raw captures of {start} to {end} are under {raw_root}/raw/playlists. "
            "Capture those days first, or check --raw-root."
        )
    later = _range(end + timedelta(days=1), max(published, default=end))
    dependent = days_with_raw(spark, raw_root, later)
    if dependent:
        logger.info("%d later days depend on these and are built too.", len(dependent))
    days = [*asked, *dependent]
    lost = sorted(day for day in published if day >= start and day not in days)
    if lost:
        raise JobError(
            f"Published days have lost their raw captures: {', '.join(map(str, lost))}. Restore "
            f"them under {raw_root}/raw/playlists: without them later trends would be wrong."
        )
    gaps = len(_range(start, end)) - len(asked)
    logger.info("Building %d days; %d days asked for have no capture.", len(days), gaps)
    return days


def _range(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
