"""Queries a local lake in Athena's SQL, or lists the queries: `chartlake ask`."""

from pathlib import Path

from rich.console import Console

from chartlake.athena.stand_in.lake import open_existing
from chartlake.athena.stand_in.words import NotAthenaError
from chartlake.athena.statements import find_question, queries, read_statement
from chartlake.cli.tables import show_rows
from chartlake.contract.errors import UserError
from chartlake.contract.printable import printable_lines
from chartlake.lake_folder import LakeFolder


def ask_lake(lake: Path, file: Path) -> None:
    """Run the query in a file and show the rows; raises UserError."""
    try:
        question = read_statement(find_question(file))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file} cannot be read: {getattr(error, 'strerror', error)}.") from error
    with open_existing(LakeFolder(lake)) as opened:
        try:
            rows = opened.query(question.sql)
        except NotAthenaError as error:
            raise UserError(f"Athena would reject this: {printable_lines(error)}") from error
    show_rows(rows, Console(highlight=False, markup=False))


def list_questions() -> None:
    """List the queries of the package."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for question in queries():
        console.print(f"{question.name + '.sql':<26} {question.sentence}")
    console.print("\nRun one of them, or your own file: chartlake ask climbers.sql")
