"""Frames as plain rows, so that a test compares literals with `==`."""

from typing import Any

from pyspark.sql import DataFrame


def rows(frame: DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Return the rows of these columns, sorted by all of them; nulls first."""
    found = [tuple(row) for row in frame.select(*columns).collect()]
    return sorted(found, key=lambda row: [(value is not None, value) for value in row])
