"""Writes the contract as a page to read: `python -m tools.data_dictionary`."""

from pathlib import Path

from chartlake.contract.schema import Table
from chartlake.contract.tables import TABLES

PAGE = Path(__file__).parents[1] / "docs" / "data-dictionary.md"

HEADER = """# Data dictionary

Generated from `chartlake/contract/tables.py` by `make render`; do not edit.

Timestamps are UTC, in milliseconds. A key is unique within one run and none of its columns is null.
In Snowflake the tables of `CORE` have these columns less `run_id`.
"""


def data_dictionary() -> str:
    """Return every table as Markdown: grain, key, columns."""
    return "\n".join([HEADER, *map(_table, TABLES)])


def _table(table: Table) -> str:
    lines = [
        f"## {table.name}",
        "",
        f"{table.grain} Key: {', '.join(f'`{column}`' for column in table.key)}.",
        "",
        "| column | type | null | meaning |",
        "|---|---|---|---|",
    ]
    for column in table.columns:
        null = "yes" if column.nullable else ""
        lines.append(f"| `{column.name}` | {column.type} | {null} | {column.description} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(data_dictionary(), encoding="utf-8")
