"""Runs a query file in Athena on an account: `chartlake aws ask ENV FILE`."""

from pathlib import Path

from rich.console import Console

from chartlake.athena.account import open_athena
from chartlake.athena.statements import find_question, read_statement
from chartlake.cli.tables import show_rows
from chartlake.contract.errors import UserError


def ask_account(environment: str, file: Path) -> None:
    """Run the query in a file; show the rows and how much was scanned. Raises UserError."""
    console = Console(highlight=False, markup=False)
    try:
        question = read_statement(find_question(file))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file} cannot be read: {getattr(error, 'strerror', error)}.") from error
    with open_athena(environment) as athena:
        answer = athena.run(question.sql)
    show_rows(answer.rows, console)
    console.print(f"Athena scanned {answer.scanned / 1_000_000:,.1f} MB; it bills at least 10 MB.")
