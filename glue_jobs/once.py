"""Compute a frame once, for all that is built from it."""

from pyspark.sql import DataFrame


def once(frame: DataFrame) -> DataFrame:
    """Keep the rows of a frame when they are first asked for, and end its lineage there.

    Without that each table would be planned from the raw files on, which costs more than computing
    it. A lost executor takes the rows along: the run fails, has published nothing, and runs again.
    """
    return frame.localCheckpoint(eager=False)
