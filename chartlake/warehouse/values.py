"""Converts an engine's values to plain Python values."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from snowflake.connector.constants import FIELD_NAME_TO_ID
from snowflake.connector.cursor import ResultMetadata

JSON_TYPES = {FIELD_NAME_TO_ID[name] for name in ("VARIANT", "OBJECT", "ARRAY")}


def plain_row(columns: Sequence[ResultMetadata], row: Sequence[Any]) -> dict[str, Any]:
    """Return a row as a dict of int, float, str, bool, date, UTC datetime, list, dict or None."""
    return {
        column.name.lower(): _plain(column, value)
        for column, value in zip(columns, row, strict=True)
    }


def _plain(column: ResultMetadata, value: Any) -> Any:
    if isinstance(value, str) and column.type_code in JSON_TYPES:
        return json.loads(value)
    if isinstance(value, Decimal):
        return float(value) if column.scale else int(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value
