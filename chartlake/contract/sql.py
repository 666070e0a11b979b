"""The protocol of everything that answers SQL.

`Warehouse.query` of the embedded warehouse, `Lake.query` of the stand-in for Athena, `Athena.query`
and `Session.query` of an account implement it: report, digest, status and reconcile work with any.
"""

from typing import Any, Protocol

Row = dict[str, Any]
Rows = list[Row]


class Ask(Protocol):
    """Runs one statement, and returns its rows: names in lower case, plain Python values."""

    def __call__(self, sql: str, /) -> Rows:
        """Run the statement; raises the engine's UserError."""
