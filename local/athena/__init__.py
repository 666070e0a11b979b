"""Athena's views and questions on a lake of this machine: a strict stand-in, DuckDB inside."""

from local.athena.lake import AthenaLake, open_lake
from local.athena.refusal import NotAthenaError

__all__ = ["AthenaLake", "NotAthenaError", "open_lake"]
