"""A prompt on the embedded warehouse of a lake: `chartlake sql`.

A statement ends with ; and may span lines. After an error the prompt continues.
"""

import contextlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from snowflake.connector.util_text import split_statements

from chartlake.cli.tables import show_rows
from chartlake.contract.printable import printable_lines
from chartlake.lake_folder import LakeFolder
from chartlake.snowflake.sql_files import WORKSHEETS
from chartlake.warehouse.warehouse import Warehouse, WarehouseError, open_existing

FIRST_QUESTION = """SELECT CHART_NAME, RANK, TITLE, ARTISTS
FROM SONG_MOVES
WHERE IS_LATEST AND MOVEMENT = 'debut'
ORDER BY CHART_NAME, RANK;"""


def open_prompt(lake: Path) -> None:
    """Prompt for statements until the input ends; raises WarehouseError."""
    with _marts(lake) as warehouse:
        _converse(warehouse, Console(highlight=False, markup=False))


def run_sql(lake: Path, statement: str | None, file: Path | None) -> None:
    """Run a statement, or those of a file, and show the results; raises WarehouseError."""
    text = statement or _read(file)
    with _marts(lake) as warehouse:
        _run(warehouse, text, Console(highlight=False, markup=False))


@contextmanager
def _marts(lake: Path) -> Iterator[Warehouse]:
    with open_existing(LakeFolder(lake)) as warehouse:
        warehouse.query("USE SCHEMA MARTS")
        yield warehouse


def _read(file: Path | None) -> str:
    """Read a file: a path, or the name of a worksheet of the package."""
    if file is None:
        return ""
    worksheet = WORKSHEETS / file.name
    try:
        path = worksheet if not file.exists() and worksheet.exists() else file
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise WarehouseError(f"{file} cannot be read: {why}.") from error


def _converse(warehouse: Warehouse, console: Console) -> None:
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - importing it gives input() its history; not on Windows
    console.print("Views to query, in the schema MARTS:")
    for name, grain in warehouse.marts().items():
        console.print(f"  {name:<16} {grain}")
    console.print(f"\nA first query to paste:\n\n{FIRST_QUESTION}\n")
    console.print("`chartlake sql --file climbers.sql` runs a worksheet. quit or Ctrl-D exits.\n")
    for statement in _statements(console):
        try:
            _run(warehouse, statement, console)
        except WarehouseError as error:
            console.print(f"Error: {printable_lines(error)}")


def _statements(console: Console) -> Iterator[str]:
    """Yield each text that ends with ; until quit or the end of input. Ctrl-C discards a text."""
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


def _run(warehouse: Warehouse, text: str, console: Console) -> None:
    for statement, _ in split_statements(io.StringIO(text), remove_comments=True):
        if bare := statement.strip().rstrip(";"):
            show_rows(warehouse.query(bare), console)
