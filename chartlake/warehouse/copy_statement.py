"""Parses a COPY INTO statement, as far as our pipes use it."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlglot
from snowflake.connector.errors import ProgrammingError
from sqlglot import exp

from chartlake.warehouse.names import Name

UNDERSTOOD = {"PATTERN", "FILE_FORMAT", "MATCH_BY_COLUMN_NAME", "INCLUDE_METADATA", "ON_ERROR"}


@dataclass(frozen=True)
class CopyStatement:
    """COPY INTO `table` FROM @`stage`/`path`; `metadata` is landing column -> METADATA$ column."""

    table: Name
    stage: Name
    path: str
    pattern: str
    metadata: dict[str, str]


def read_copy(sql: str, name_of: Callable[[str], Name]) -> CopyStatement:
    """Parse a pipe's COPY INTO.

    Raises ProgrammingError for a clause that this warehouse does not support.
    """
    tree = sqlglot.parse_one(sql, read="snowflake")
    clauses = {clause.this.name.upper(): clause for clause in tree.args.get("params") or []}
    if not isinstance(tree, exp.Copy) or clauses.keys() - UNDERSTOOD:
        unknown = ", ".join(sorted(clauses.keys() - UNDERSTOOD)) or "this form of the statement"
        raise ProgrammingError(f"COPY INTO: the local warehouse does not support {unknown}")
    stage, _, path = tree.args["files"][0].this.name.removeprefix("@").partition("/")
    pattern = clauses["PATTERN"].expression.name if "PATTERN" in clauses else ".*"
    included = clauses.get("INCLUDE_METADATA", exp.Tuple()).find_all(exp.EQ)
    return CopyStatement(
        table=name_of(tree.this.sql(dialect="snowflake")),
        stage=name_of(stage),
        path=path,
        pattern=pattern,
        metadata={pair.this.name.upper(): pair.expression.name.upper() for pair in included},
    )
