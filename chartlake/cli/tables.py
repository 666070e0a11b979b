"""Shows rows on a terminal: as a table if it fits, else one value per line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from chartlake.contract.counts import counted
from chartlake.contract.printable import printable_lines

MOST_ROWS = 500
"""More rows than this are for a query to narrow down, not for reading."""


def show_rows(rows: Sequence[dict[str, Any]], console: Console) -> None:
    """Print rows with the same columns, and their number."""
    shown = rows[:MOST_ROWS]
    table = _table(shown)
    unbounded = console.options.update(width=100_000)
    if shown and console.measure(table, options=unbounded).minimum > console.width:
        for row in shown:
            console.print(_record(row))
    elif shown:
        console.print(table)
    rest = "" if len(shown) == len(rows) else f", the first {MOST_ROWS} shown"
    console.print(f"{counted(len(rows), 'row')}{rest}\n")


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for name in rows[0] if rows else ():
        is_number = any(_is_number(row[name]) for row in rows)
        justify: JustifyMethod = "right" if is_number else "left"
        table.add_column(_text(name), justify=justify, no_wrap=is_number)
    for row in rows:
        table.add_row(*[_text(value) for value in row.values()])
    return table


def _record(row: dict[str, Any]) -> Table:
    table = Table(box=box.SIMPLE, show_header=False)
    for name, value in row.items():
        table.add_row(_text(name), _text(value))
    return table


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> Text:
    """Format a value as Text, so that [brackets] in a title are not parsed as markup.

    Control sequences in a title are escaped.
    """
    if value is None:
        return Text("-", style="dim")
    if isinstance(value, float):
        return Text(f"{value:,.4f}".rstrip("0").rstrip("."))
    if isinstance(value, datetime):
        return Text(f"{value:%Y-%m-%d %H:%M:%S}")
    if isinstance(value, list):
        return Text(printable_lines(", ".join(str(item) for item in value)))
    return Text(printable_lines(value))
