"""Numbers with their noun in a frame, formatted as by `chartlake.contract.counts`."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def counted_column(number: Column, singular: str, plural: str | None = None) -> Column:
    """Format each whole number exactly as `counted` does."""
    words = F.when(number == 1, singular).otherwise(plural or singular + "s")
    return F.format_string("%,d %s", number.cast("bigint"), words)
