"""Which days a run builds: those it was asked for, and the published ones after them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pyspark.sql import SparkSession

from chartlake.contract import paths
from glue_jobs.job.errors import JobError
from glue_jobs.lake.read import days_under


@dataclass(frozen=True)
class Days:
    """The days of a run, in order: `asked` to be built, and published `later` ones.

    `published` are all days that are; `playlists` and `chart_files` have raw files of that kind.
    """

    asked: list[date]
    later: list[date]
    published: frozenset[date]
    playlists: frozenset[date]
    chart_files: frozenset[date]


def find_days(
    spark: SparkSession, raw_root: str, start: date, end: date, published: Collection[date]
) -> Days:
    """Find the days between two dates that have raw files or are published, and all later ones.

    Raises JobError where there is none between them.
    """
    playlists = days_under(spark, f"{raw_root}/{paths.RAW_PLAYLISTS}")
    chart_files = days_under(spark, f"{raw_root}/{paths.RAW_CHARTS_CSV}")
    known = sorted({*playlists, *chart_files, *published})
    asked = [day for day in known if start <= day <= end]
    if not asked:
        raise JobError(
            f"No raw captures of {start} to {end} are under {raw_root}/raw. "
            "Capture those days or import their chart files first, or check --raw-root."
        )
    later = sorted(day for day in published if day > end)
    return Days(asked, later, frozenset(published), frozenset(playlists), frozenset(chart_files))
