"""Computes a frame once for everything built from it."""

from pyspark.sql import DataFrame


def once(frame: DataFrame) -> DataFrame:
    """Checkpoint a frame locally on first use, and cut its lineage there.

    Otherwise each table would be planned from the raw files on, which costs more than computing it.
    If an executor is lost, so are its rows: the run fails, publishes nothing, and runs again.
    """
    return frame.localCheckpoint(eager=False)
