"""The gate before publishing: which capture of a day is fit to be the chart of that day.

The last capture of a day is its chart, unless it fails a rule and an earlier one passes. A chart
without a fit capture is held back on that date, alone, with the reason in quarantine.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F


def check_captures(measured: DataFrame) -> DataFrame:
    """Add `checks`, one entry per rule, and `passed`, whether all hold. Key source_file."""
    smallest = F.col("chart.expected_size") - F.col("chart.tolerance")
    found = F.col("track_positions")
    checks = F.array(_check("entries_at_least", found, smallest, found >= smallest))
    return measured.withColumn("checks", checks).withColumn(
        "passed", F.forall("checks", lambda check: check["passed"])
    )


def _check(rule: str, observed: Column, limit_value: Column, passed: Column) -> Column:
    return F.struct(
        F.lit(rule).alias("rule"),
        observed.cast("double").alias("observed"),
        limit_value.cast("double").alias("limit_value"),
        passed.alias("passed"),
    )


def choose_captures(checked: DataFrame) -> DataFrame:
    """Keep one capture per chart and date: the last that passed, else the last."""
    newest_fit_first = Window.partitionBy("snapshot_date", "chart_id").orderBy(
        F.desc("passed"), F.desc("captured_at"), F.desc("source_file")
    )
    return (
        checked.withColumn("place", F.row_number().over(newest_fit_first))
        .where("place = 1")
        .drop("place")
    )


def build_quality_results(chosen: DataFrame) -> DataFrame:
    """One row per chart, date and rule, of the capture that stands for the day."""
    return chosen.select("snapshot_date", "chart_id", F.inline("checks"))


def build_quarantine(files: DataFrame, positions: DataFrame, checked: DataFrame) -> DataFrame:
    """One row per unusable file, capture held back, or rejected entry; position 0 is the file."""
    whole_file = F.lit(0).alias("position")
    columns = ["snapshot_date", "chart_id", "source_file", "position", "reason", "record"]
    unusable = files.where("reason is not null").select(*columns[:3], whole_file, *columns[4:])
    held_back = checked.where("not passed").select(
        *columns[:3], whole_file, _held_back_reason().alias("reason"), F.lit(None).cast("string")
    )
    rejected = positions.where("kind = 'rejected'").select(
        *columns[:3],
        F.col("rank").alias("position"),
        F.lit("The entry is not a track with an id, a name and named artists.").alias("reason"),
        "record",
    )
    return unusable.union(held_back).union(rejected).toDF(*columns)


def _held_back_reason() -> Column:
    failed = F.filter("checks", lambda check: ~check["passed"])
    sentences = F.transform(
        failed,
        lambda check: F.format_string(
            "%s: found %.0f, allowed %.0f", check["rule"], check["observed"], check["limit_value"]
        ),
    )
    return F.concat(F.lit("The capture is held back. "), F.concat_ws("; ", sentences))
