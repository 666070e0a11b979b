"""A prompt on the embedded warehouse: `make sql`, or one question: `make sql Q=file.sql`.

    python -m chartlake.warehouse.prompt [--warehouse FOLDER] [--file FILE | "SELECT ..."]

A statement ends with ; and may span lines. A wrong one says so in one line, and the prompt goes on.
"""

import argparse
import contextlib
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from snowflake.connector.util_text import split_statements

from chartlake.cli.tables import show_rows
from chartlake.contract.printable import printable_lines
from chartlake.warehouse.warehouse import Warehouse, WarehouseError, open_warehouse, warehouse_file

FIRST_QUESTION = """SELECT CHART_NAME, RANK, TITLE, ARTISTS
FROM SONG_MOVES
WHERE IS_LATEST AND MOVEMENT = 'debut'
ORDER BY CHART_NAME, RANK;"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one statement, or prompt for many; return the exit code."""
    options = _options(arguments)
    console = Console(highlight=False, markup=False)
    if not warehouse_file(options.warehouse).exists():
        console.print(f"There is no warehouse in {options.warehouse} yet: run `make demo` first.")
        return 1
    try:
        with open_warehouse(options.warehouse) as warehouse:
            warehouse.query("USE SCHEMA MARTS")
            if text := options.statement or _read(options.file):
                return 0 if _run(warehouse, text, console) else 1
            _converse(warehouse, console)
    except WarehouseError as error:
        console.print(str(error))
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make sql", description="Ask the embedded warehouse.")
    parser.add_argument("statement", nargs="?", help="SQL to run; without it, a prompt")
    parser.add_argument("--file", type=Path, help="file of SQL to run")
    parser.add_argument(
        "--warehouse",
        type=Path,
        default=Path("lake/demo/warehouse"),
        help="its folder (%(default)s)",
    )
    return parser.parse_args(arguments)


def _read(file: Path | None) -> str:
    try:
        return file.read_text(encoding="utf-8") if file else ""
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise WarehouseError(f"{file} cannot be read: {why}.") from error


def _converse(warehouse: Warehouse, console: Console) -> None:
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - importing it gives input() its history; not on Windows
    console.print("Views to ask, in the schema MARTS:")
    for name, grain in warehouse.marts().items():
        console.print(f"  {name:<16} {grain}")
    console.print(f"\nA first question to paste:\n\n{FIRST_QUESTION}\n")
    console.print("More are in snowflake/worksheets. quit or Ctrl-D leaves.\n")
    for statement in _statements(console):
        _run(warehouse, statement, console)


def _statements(console: Console) -> Iterator[str]:
    """Yield each text that ends with ; until quit or the end of the input. Ctrl-C drops a text."""
    text = ""
    while True:
        try:
            line = input("   ...> " if text else "chartlake> ")
        except KeyboardInterrupt:
            console.print()
            text = ""
            continue
        except EOFError:
            console.print()
            if text.strip():
                yield text
            return
        if not text and line.strip().rstrip(";").lower() in {"quit", "exit"}:
            return
        text = f"{text}{line}\n" if text or line.strip() else ""
        if text.rstrip().endswith(";"):
            yield text
            text = ""


def _run(warehouse: Warehouse, text: str, console: Console) -> bool:
    try:
        for statement, _ in split_statements(io.StringIO(text), remove_comments=True):
            if bare := statement.strip().rstrip(";"):
                show_rows(warehouse.query(bare), console)
    except WarehouseError as error:
        console.print(f"That did not work: {printable_lines(error)}")
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
