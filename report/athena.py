"""Athena on AWS with boto3 alone, as a Lambda has it: one SELECT in, its rows out.

What people ask goes by athena_ops, whose client would be most of the Lambda's zip.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from report.sources import Ask, Rows, SourceError

PATIENCE_SECONDS = 300
"""A question that is not answered by then is stopped: it would be read, and billed, for nobody."""
SECONDS_BETWEEN = 1


def ask_athena(client: Any, workgroup: str, sleep: Callable[[float], None] = time.sleep) -> Ask:
    """Ask in a workgroup; results go where it sends them. What is asked raises SourceError."""

    def ask(sql: str) -> Rows:
        context = {"Database": "chartlake", "Catalog": "AwsDataCatalog"}
        query: str = client.start_query_execution(
            QueryString=sql.strip(), WorkGroup=workgroup, QueryExecutionContext=context
        )["QueryExecutionId"]
        _wait(client, query, sleep)
        return list(_rows(client, query))

    return ask


def _wait(client: Any, query: str, sleep: Callable[[float], None]) -> None:
    for _ in range(PATIENCE_SECONDS // SECONDS_BETWEEN):
        told = client.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        if told["State"] == "SUCCEEDED":
            return
        if told["State"] in ("FAILED", "CANCELLED"):
            raise SourceError(_refusal(told.get("StateChangeReason") or told["State"].lower()))
        sleep(SECONDS_BETWEEN)
    client.stop_query_execution(QueryExecutionId=query)
    raise SourceError(f"Athena did not answer within {PATIENCE_SECONDS} seconds, and was stopped.")


def _refusal(reason: str) -> str:
    is_missing = "does not exist" in reason or "NOT_FOUND" in reason
    hint = " The views are made by `make athena-views`." if is_missing else ""
    return f"Athena did not answer: {' '.join(reason.split()).rstrip('.')}.{hint}"


def _rows(client: Any, query: str) -> Iterator[dict[str, object]]:
    """Read every page of an answer, whose first row is its heading."""
    pages = client.get_paginator("get_query_results").paginate(QueryExecutionId=query)
    for number, page in enumerate(pages):
        answer = page["ResultSet"]
        columns = [(c["Name"], c["Type"]) for c in answer["ResultSetMetadata"]["ColumnInfo"]]
        for row in answer["Rows"][1 if number == 0 else 0 :]:
            cells = zip(columns, row["Data"], strict=True)
            yield {name: _value(kind, cell.get("VarCharValue")) for (name, kind), cell in cells}


def _value(kind: str, text: str | None) -> object:
    return None if text is None else KINDS[kind](text)


def _number(text: str) -> int | float:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


KINDS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("varchar", "char", "string"), str),
    **dict.fromkeys(("tinyint", "smallint", "integer", "bigint"), int),
    **dict.fromkeys(("float", "real", "double"), float),
    "boolean": "true".__eq__,
    "decimal": _number,
    "date": date.fromisoformat,
    "timestamp": _moment,
}
"""Athena's type -> what reads its text; lists are in no mart."""
