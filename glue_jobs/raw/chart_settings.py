"""The job's charts file -> its charts' current settings, and which files belong to which chart.

Some settings apply to days that are already captured or published, so they are taken from here and
not from what was written then. A changed setting reaches an old day when that day is rebuilt.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from chartlake.contract.chart_config import Chart, ChartsFileError, parse_charts
from glue_jobs.frames import literal_frame
from glue_jobs.job.errors import JobError
from glue_jobs.lake import files
from glue_jobs.raw.schemas import CHART

SETTINGS = "map<string, struct<expects_change: boolean, days_behind: int>>"


def read_charts_file(spark: SparkSession, charts_file: str) -> tuple[Chart, ...]:
    """Read the charts file, in file order; a missing file returns no charts.

    Raises JobError if the file is invalid.
    """
    if not files.exists(spark, charts_file):
        return ()
    text = spark.read.text(charts_file, wholetext=True).collect()
    try:
        return parse_charts("".join(row["value"] for row in text), charts_file)
    except ChartsFileError as error:
        raise JobError(str(error)) from None


def charts_of_files(spark: SparkSession, charts: Sequence[Chart]) -> DataFrame:
    """Map chart files to their chart: one row per market and cadence, struct `chart`.

    If several charts claim the same files, none of them gets any.
    """
    named = [(chart.market, chart.cadence) for chart in charts if chart.source == "charts_csv"]
    rows = [
        {"market": chart.market, "cadence": chart.cadence, "chart": asdict(chart)}
        for chart in charts
        if chart.source == "charts_csv" and named.count((chart.market, chart.cadence)) == 1
    ]
    return literal_frame(spark, rows, f"market string, cadence string, chart {CHART}")


def with_settings(frame: DataFrame, charts: Sequence[Chart]) -> DataFrame:
    """Set `expects_change` and `days_behind` of rows with `chart_id` and `source`.

    A playlist that is not in the charts file keeps its `expects_change`, and its `days_behind` is
    null. Rows of chart files have no `days_behind`.
    """
    settings = {
        chart.chart_id: {"expects_change": chart.expects_change, "days_behind": chart.days_behind}
        for chart in charts
        if chart.source == "playlist"
    }
    known = F.try_element_at(F.from_json(F.lit(json.dumps(settings)), SETTINGS), F.col("chart_id"))
    now = F.when(F.col("source") == "playlist", known)
    return frame.withColumns(
        {
            "expects_change": F.coalesce(now["expects_change"], "expects_change"),
            "days_behind": now["days_behind"],
        }
    )
