"""Athena's views and questions on a lake of this machine: a strict stand-in, DuckDB inside."""

from chartlake.athena.stand_in.lake import AthenaLake, open_lake
from chartlake.athena.stand_in.refusal import NotAthenaError

__all__ = ["AthenaLake", "NotAthenaError", "open_lake"]
