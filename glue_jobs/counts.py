"""Numbers with their noun in a frame, as `chartlake.contract.counts` writes them."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def counted_column(number: Column, singular: str, plural: str | None = None) -> Column:
    """Write what `counted` writes of each whole number: the same text, whatever the number."""
    words = F.when(number == 1, singular).otherwise(plural or singular + "s")
    return F.format_string("%,d %s", number.cast("bigint"), words)
