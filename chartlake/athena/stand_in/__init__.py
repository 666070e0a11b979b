"""Athena's views and queries on a local lake: a strict stand-in, with DuckDB inside."""

from chartlake.athena.stand_in.lake import AthenaLake, open_lake
from chartlake.athena.stand_in.words import NotAthenaError

__all__ = ["AthenaLake", "NotAthenaError", "open_lake"]
