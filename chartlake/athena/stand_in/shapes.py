"""The allow-list for parsed statements; anything not on it is rejected."""

from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from chartlake.athena.stand_in.words import NotAthenaError

BINARY = "this expression"
SHAPES: dict[type[exp.Expr], str] = {
    exp.Select: "with_ expressions from_ joins where group having order limit distinct",
    exp.Union: "with_ this expression distinct order limit",
    exp.With: "expressions",
    exp.CTE: "this alias",
    exp.Subquery: "this alias",
    exp.From: "this",
    exp.Join: "this on side kind",
    exp.Table: "this db alias",
    exp.TableAlias: "this columns",
    exp.Unnest: "expressions alias",
    exp.Where: "this",
    exp.Group: "expressions",
    exp.Having: "this",
    exp.Order: "expressions this",
    exp.Ordered: "this desc nulls_first",
    exp.Limit: "expression",
    exp.Distinct: "expressions",
    exp.Alias: "this alias",
    exp.Column: "this table",
    exp.Identifier: "this quoted",
    exp.Star: "",
    exp.Literal: "this is_string",
    exp.Boolean: "this",
    exp.Null: "",
    exp.Paren: "this",
    exp.Case: "this ifs default",
    exp.If: "this true false",
    exp.Cast: "this to _type",
    exp.DataType: "this expressions nested",
    exp.DataTypeParam: "this",
    exp.Window: "this partition_by order spec over",
    exp.WindowSpec: "kind start start_side end end_side",
    exp.Filter: BINARY,
    exp.IgnoreNulls: "this",
    exp.In: "this expressions query",
    exp.Between: "this low high",
    exp.Exists: "this",
    exp.Var: "this",
    exp.CurrentDate: "",
    **dict.fromkeys((exp.Like, exp.Is, exp.And, exp.Or, exp.DPipe), BINARY),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), BINARY),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Mod), BINARY),
    exp.Div: f"{BINARY} typed safe",
    exp.Not: "this",
    exp.Neg: "this",
}
"""Node -> the parts that it may have."""

JOIN_SIDES = {"", "LEFT", "RIGHT", "FULL"}
TYPES = {
    *(exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.DOUBLE),
    *(exp.DataType.Type.BOOLEAN, exp.DataType.Type.VARCHAR, exp.DataType.Type.DATE),
    exp.DataType.Type.TIMESTAMP,
}
"""The types that may be cast to."""


def refuse_shapes(tree: exp.Expr) -> None:
    """Reject anything not on the list; raises NotAthenaError."""
    for node in tree.walk():
        shape = SHAPES.get(type(node))
        if shape is None and not isinstance(node, exp.Func):
            raise NotAthenaError(f"{shortened(node)}: this was not checked against Athena.")
        parts = {key for key, value in node.args.items() if value}
        if shape is not None and (more := parts - set(shape.split())):
            raise NotAthenaError(
                f"{shortened(node)}: {sorted(more)[0]} was not checked against Athena."
            )
        if reason := _fault(node):
            raise NotAthenaError(f"{shortened(node)}: {reason}")


def refuse_correlation(tree: exp.Expr) -> None:
    """Reject a correlated subquery; the columns of the tree must be qualified."""
    for scope in traverse_scope(tree):
        if scope.is_subquery and scope.external_columns:
            raise NotAthenaError(
                f"{shortened(scope.expression)}: a correlated subquery was not checked against"
                " Athena; join instead."
            )


def _fault(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Cast):
        return _type_fault(node.to)
    if isinstance(node, exp.Limit):
        is_number = isinstance(node.expression, exp.Literal)
        return None if is_number else "LIMIT takes a number."
    if isinstance(node, exp.Distinct) and len(node.expressions) > 1:
        return "Athena counts distinct values of one column only."
    if isinstance(node, exp.Is):
        return None if isinstance(node.expression, exp.Null) else "IS takes only NULL."
    if isinstance(node, exp.Join):
        return _join_fault(node)
    if isinstance(node, exp.Substring) and node.args["start"].name in {"", "0"}:
        return "text positions begin at 1."
    return None


def _type_fault(type_: exp.DataType) -> str | None:
    if type_.this not in TYPES:
        return f"Athena's SELECT has no {type_.sql()}, or it was not checked."
    is_plain = not type_.expressions or type_.this == exp.DataType.Type.TIMESTAMP
    return None if is_plain else "write the type without a length."


def _join_fault(join: exp.Join) -> str | None:
    if join.kind not in {"", "INNER", "OUTER", "CROSS"} or join.side not in JOIN_SIDES:
        return f"Athena has no {join.side or join.kind} JOIN."
    if join.args.get("on") or join.kind == "CROSS":
        return None
    return "use ON for a join, or CROSS JOIN."


def shortened(node: exp.Expr) -> str:
    """Return a part of a statement, cut to 60 characters."""
    text = " ".join(node.sql(dialect="athena").split())
    return text if len(text) <= 60 else f"{text[:57]}…"
