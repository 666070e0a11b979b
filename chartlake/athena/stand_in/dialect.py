"""Translates Athena's SQL to DuckDB's with the same meaning, or rejects it.

sqlglot translates most of it. Anything not known to mean the same is rejected (`words`, `shapes`,
`kinds`); anything whose meaning sqlglot would change is rewritten.
"""

from collections.abc import Mapping
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.dialects.athena import Athena
from sqlglot.errors import ErrorLevel, OptimizeError, ParseError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.resolver import Resolver
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.schema import Schema, ensure_schema

from chartlake.athena.stand_in.kinds import Type, refuse_kinds
from chartlake.athena.stand_in.shapes import refuse_correlation, refuse_shapes
from chartlake.athena.stand_in.words import NotAthenaError, refuse_words

Types = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Database -> table -> column -> type, all in lower case."""

LIKE_THE_FIRST: dict[str, Any] = {
    "annotator": lambda types, node: types._annotate_by_args(node, "this")
}
TYPED = Athena.EXPRESSION_METADATA | dict.fromkeys(
    (exp.ArgMax, exp.ArgMin, exp.TimestampTrunc, exp.DateTrunc), LIKE_THE_FIRST
)
"""sqlglot's own type rules, and those that it lacks."""


def to_duckdb(sql: str, schema: Types) -> str:
    """Translate one SELECT.

    Raises NotAthenaError if Athena may reject it or read it differently.
    """
    refuse_words(sql)
    tree = _parsed(sql)
    refuse_shapes(tree)
    _refuse_tables(tree, schema)
    tree = _typed(tree, schema)
    refuse_correlation(tree)
    refuse_kinds(tree)
    # Quoted, because DuckDB reserves other words than Athena.
    return tree.transform(_rewritten).sql(
        dialect="duckdb", identify=True, unsupported_level=ErrorLevel.RAISE
    )


def _parsed(sql: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(sql, read="athena")
    except ParseError as error:
        at = error.errors[0]
        raise NotAthenaError(
            f"Line {at['line']}, at {at['highlight']}: {at['description']}"
        ) from error


def _refuse_tables(tree: exp.Expr, schema: Types) -> None:
    named = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        database, name = table.db.lower(), table.name.lower()
        if not database and name not in named:
            raise NotAthenaError(f"{name}: add its database, chartlake.{name}.")
        if database and name not in schema.get(database, {}):
            there = ", ".join(sorted(schema.get(database, {}))) or "nothing"
            raise NotAthenaError(f"There is no {database}.{name}. Available: {there}.")


def _typed(tree: exp.Expr, schema: Types) -> exp.Expr:
    """Qualify every column and annotate types. An alias is never resolved as a column."""
    known = ensure_schema({name: dict(tables) for name, tables in schema.items()}, dialect="athena")
    try:
        tree = qualify(
            tree, schema=known, dialect="athena", quote_identifiers=False, expand_alias_refs=False
        )
        _qualify_having(tree, known)
    except OptimizeError as error:
        text = f"{str(error).rstrip('.')}."
        hint = " There, Athena resolves columns of FROM, not aliases of SELECT."
        raise NotAthenaError(text + (hint if "resolved" in text else "")) from error
    return annotate_types(tree, schema=known, dialect="athena", expression_metadata=TYPED)


def _qualify_having(tree: exp.Expr, known: Schema) -> None:
    """Qualify the columns of each HAVING, which sqlglot's qualify leaves alone."""
    for scope in traverse_scope(tree):
        having = scope.expression.args.get("having")
        resolver = Resolver(scope, known)
        for column in having.find_all(exp.Column) if having else ():
            if not column.table:
                table = resolver.get_table(column)
                if table is None:
                    raise OptimizeError(f"Column '{column.name}' could not be resolved.")
                column.set("table", table)


def _rewritten(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.DateDiff):
        # DuckDB counts the boundaries between two days or months, Trino whole ones.
        unit = exp.Literal.string(node.args["unit"].name.lower())
        return exp.Anonymous(this="date_sub", expressions=[unit, node.expression, node.this])
    if isinstance(node, exp.DateAdd | exp.TimestampTrunc | exp.DateTrunc) and _is_date(node):
        # A date stays a date in Trino and becomes a timestamp in DuckDB.
        return exp.cast(node.copy(), Type.DATE)
    if isinstance(node, exp.ArgMax | exp.ArgMin):
        # DuckDB's own functions skip rows whose value is null.
        name = "arg_max_null" if isinstance(node, exp.ArgMax) else "arg_min_null"
        return exp.Anonymous(this=name, expressions=[node.this, node.expression])
    return node


def _is_date(node: exp.Expr) -> bool:
    return node.this.type is not None and node.this.type.this == Type.DATE
