"""Which days a run builds: the requested ones, and the published ones after them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pyspark.sql import SparkSession

from chartlake.contract import paths
from glue_jobs.job.errors import JobError
from glue_jobs.lake.read import days_under


@dataclass(frozen=True)
class Days:
    """A run's days, in order: those `asked` for, and the `later` published ones.

    `published` has all published days; `playlists` and `chart_files` have the days with such files.
    """

    asked: list[date]
    later: list[date]
    published: frozenset[date]
    playlists: frozenset[date]
    chart_files: frozenset[date]


def find_days(
    spark: SparkSession, raw_root: str, start: date, end: date, published: Collection[date]
) -> Days:
    """Find days between two dates with raw files or published data, and all later published days.

    Raises JobError if there are none between them.
    """
    playlists = days_under(spark, f"{raw_root}/{paths.RAW_PLAYLISTS}")
    chart_files = days_under(spark, f"{raw_root}/{paths.RAW_CHARTS_CSV}")
    known = sorted({*playlists, *chart_files, *published})
    asked = [day for day in known if start <= day <= end]
    if not asked:
        raise JobError(
            f"No raw captures of {start} to {end} were found under {raw_root}/raw. "
            "Capture those days or import their chart files first, or check --raw-root."
        )
    later = sorted(day for day in published if day > end)
    return Days(asked, later, frozenset(published), frozenset(playlists), frozenset(chart_files))
