"""Which kinds of values may be combined: Athena casts few implicitly, DuckDB almost any."""

from collections.abc import Callable, Sequence

from sqlglot import exp

from chartlake.athena.stand_in.shapes import shortened
from chartlake.athena.stand_in.words import NotAthenaError

Type = exp.DataType.Type
WHOLE = {Type.INT, Type.BIGINT, Type.SMALLINT, Type.TINYINT}
KINDS = {
    **dict.fromkeys(WHOLE | {Type.DOUBLE, Type.DECIMAL}, "number"),
    **dict.fromkeys((Type.VARCHAR, Type.TEXT), "text"),
    **dict.fromkeys((Type.DATE, Type.TIMESTAMP), "date"),
    **dict.fromkeys((Type.ARRAY, Type.LIST), "array"),
    Type.BOOLEAN: "boolean",
    Type.NULL: "null",
}
ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)
COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
DAY_UNITS = {"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}
TIME_UNITS = {"HOUR", "MINUTE", "SECOND"}
CASTS = {
    *(("text", Type.DATE), ("date", Type.DATE), ("date", Type.TIMESTAMP), ("date", Type.VARCHAR)),
    *(("number", Type.INT), ("number", Type.BIGINT), ("number", Type.DOUBLE)),
    *(("number", Type.VARCHAR), ("boolean", Type.VARCHAR)),
}
Parts = Sequence[exp.Expr | None]


def refuse_kinds(tree: exp.Expr) -> None:
    """Reject what Athena does not cast, or casts differently; raises NotAthenaError.

    The tree must be annotated with types.
    """
    for node in tree.walk():
        for classes, fault in RULES:
            if isinstance(node, classes) and (reason := fault(node)):
                raise NotAthenaError(f"{shortened(node)}: {reason}")


def kind_of(node: exp.Expr) -> str:
    """Return the kind of a value; `unknown` if it has no known type."""
    if isinstance(node.unalias(), exp.Null):
        return "null"
    return KINDS.get(node.type.this, "unknown") if node.type else "unknown"


def _all(kind: str) -> Callable[[exp.Expr], str | None]:
    """Create a rule: every operand is of this kind."""

    def fault(node: exp.Expr) -> str | None:
        operands = [node.this, node.args.get("expression"), *node.expressions]
        for operand in operands:
            if isinstance(operand, exp.Expr) and kind_of(operand) not in (kind, "null"):
                return f"Athena expects a {kind} here, but {shortened(operand)} is {_a(operand)}."
        return None

    return fault


def _first(kind: str) -> Callable[[exp.Expr], str | None]:
    """Create a rule: the first operand is of this kind."""

    def fault(node: exp.Expr) -> str | None:
        is_right = kind_of(node.this) in (kind, "null")
        return None if is_right else f"Athena expects a {kind} here, not {_a(node.this)}."

    return fault


def _a(node: exp.Expr) -> str:
    kind = kind_of(node)
    return "of unknown type: CAST it" if kind == "unknown" else f"a {kind}"


def _one_kind(parts: Parts) -> str | None:
    kinds = {kind_of(part) for part in parts if part is not None} - {"null"}
    return None if len(kinds) < 2 else f"Athena does not mix {' and '.join(sorted(kinds))}."


def _compared(node: exp.Expr) -> str | None:
    query = node.args.get("query")
    of_query = query.this.selects if query else []
    parts = [node.this, *node.expressions, node.args.get("expression"), *of_query]
    return _one_kind([*parts, node.args.get("low"), node.args.get("high")])


def _branches(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Case):
        return _one_kind(
            [*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default")]
        )
    return _one_kind([node.args["true"], node.args.get("false")])


def _condition(branch: exp.Expr) -> str | None:
    """Check the condition of a WHEN or IF: a boolean, or of the same kind as CASE's operand."""
    case = branch.parent
    if isinstance(case, exp.Case) and case.this:
        return _one_kind([case.this, branch.this])
    return _first("boolean")(branch)


def _union(node: exp.Expr) -> str | None:
    sides = node.this.selects, node.expression.selects
    if len(sides[0]) != len(sides[1]):
        return "both sides of a UNION need the same number of columns."
    return next(filter(None, (_one_kind(pair) for pair in zip(*sides, strict=True))), None)


def _cast(node: exp.Expr) -> str | None:
    kind, target, type_ = kind_of(node.this), node.args["to"].this, node.this.type
    if kind == "null" or (isinstance(node.this, exp.Literal) and target == Type.TIMESTAMP):
        return None
    if (kind, target) not in CASTS:
        return f"a cast from {_a(node.this)} to {target.value} was not checked against Athena."
    if type_.this in (Type.DOUBLE, Type.TIMESTAMP) and target == Type.VARCHAR:
        return f"Athena formats a {type_.this.value} as text differently."
    rounded = isinstance(node.this, (exp.Round, exp.Floor, exp.Ceil))
    if type_.this == Type.DOUBLE and target in WHOLE and not rounded:
        return "Athena rounds halves differently: ROUND, FLOOR or CEIL first."
    return None


def _division(node: exp.Expr) -> str | None:
    if any(side.type and side.type.this == Type.DOUBLE for side in (node.this, node.expression)):
        return None
    return "Athena truncates this division: CAST one side AS double, or FLOOR such a quotient."


def _decimal(node: exp.Expr) -> str | None:
    if node.is_string or "." not in node.name or "e" in node.name.lower():
        return None
    if isinstance(node.parent, (*COMPARISONS, exp.Between, exp.In)):
        return None
    return f"Athena calculates with decimals, which round: write {node.name}E0 for a double."


def _unit(node: exp.Expr) -> str | None:
    unit = node.args["unit"].name.upper()
    is_date = node.this.type is not None and node.this.type.this == Type.DATE
    if unit in DAY_UNITS or (unit in TIME_UNITS and not is_date):
        return None
    return f"{unit.lower()} was not checked as a unit of {'a date' if is_date else 'a timestamp'}."


OF_NUMBERS = (*ARITHMETIC, exp.Neg, exp.Sum, exp.Avg, exp.Abs, exp.Sqrt, exp.Pow, exp.Sign)
OF_TRUTHS = (
    exp.And,
    exp.Or,
    exp.Not,
    exp.Where,
    exp.Having,
    exp.CountIf,
    exp.LogicalAnd,
    exp.LogicalOr,
)
OF_TEXTS = (exp.DPipe, exp.Concat, exp.Like, exp.Upper, exp.Lower, exp.Length)
OF_DATES = (exp.Year, exp.Month, exp.Day, exp.Quarter, exp.Week, exp.DayOfWeekIso, exp.DayOfYear)
WITH_UNIT = (exp.DateAdd, exp.DateDiff, exp.TimestampTrunc, exp.DateTrunc)
RULES: tuple[tuple[tuple[type[exp.Expr], ...], Callable[[exp.Expr], str | None]], ...] = (
    (OF_NUMBERS, _all("number")),
    (OF_TRUTHS, _all("boolean")),
    (OF_TEXTS, _all("text")),
    ((exp.Round, exp.Floor, exp.Ceil), _first("number")),
    ((exp.Substring, exp.Pad, exp.StrPosition), _first("text")),
    ((*OF_DATES, exp.LastDay, *WITH_UNIT), _first("date")),
    (WITH_UNIT, _unit),
    ((*COMPARISONS, exp.In, exp.Between), _compared),
    ((exp.Coalesce, exp.Greatest, exp.Least, exp.Nullif), _compared),
    ((exp.Case,), _branches),
    ((exp.If,), _condition),
    ((exp.If,), lambda node: None if isinstance(node.parent, exp.Case) else _branches(node)),
    ((exp.Union,), _union),
    ((exp.Cast,), _cast),
    ((exp.Div,), _division),
    ((exp.Literal,), _decimal),
)
"""Node classes, and the rule that finds what is wrong with them."""
