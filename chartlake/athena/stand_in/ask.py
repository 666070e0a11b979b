"""Asks a question in Athena's SQL of a lake of this machine, or lists the questions: `make athena`.

python -m chartlake.athena.stand_in.ask --lake lake/demo [athena/queries/climbers.sql]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
from rich.console import Console

from chartlake.athena.stand_in.lake import open_lake
from chartlake.athena.stand_in.refusal import NotAthenaError
from chartlake.athena.statements import queries, read_statement
from chartlake.cli.tables import show_rows
from chartlake.contract.printable import printable_lines

CURATED = "chartlake-curated"
"""The folder of a demo's lake that stands for the bucket."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer a question, or list those that there are; return the exit code."""
    options = _options(arguments)
    console = Console(highlight=False, markup=False, soft_wrap=options.file is None)
    if options.file is None:
        _list_questions(console)
        return 0
    if not (options.lake / CURATED).is_dir():
        console.print(
            f"There is no lake in {options.lake} yet: run `make demo` first.", soft_wrap=True
        )
        return 1
    try:
        question = read_statement(options.file)
        with open_lake(options.lake / CURATED) as lake:
            show_rows(lake.query(question.sql), console)
    except (OSError, UnicodeDecodeError) as error:
        console.print(
            f"{options.file} cannot be read: {getattr(error, 'strerror', error)}.", soft_wrap=True
        )
        return 1
    except NotAthenaError as error:
        console.print(f"That is not for Athena: {printable_lines(error)}")
        return 1
    except duckdb.Error as error:
        # Not wrapped, so that the file's name can be copied; what follows is DuckDB's own SQL.
        reason = printable_lines(str(error).partition("\n\nLINE ")[0])
        console.print(f"The lake in {options.lake} cannot be read: {reason}", soft_wrap=True)
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make athena", description="Ask a lake as Athena would.")
    parser.add_argument("file", nargs="?", type=Path, help="file of one SELECT; without it, a list")
    parser.add_argument("--lake", type=Path, required=True, help="folder that a demo left")
    return parser.parse_args(arguments)


def _list_questions(console: Console) -> None:
    for question in queries():
        console.print(f"athena/queries/{question.name + '.sql':<26} {question.sentence}")
    console.print(
        "\nAsk one of them, or a file of yours: make athena Q=athena/queries/climbers.sql"
    )


if __name__ == "__main__":
    sys.exit(main())
