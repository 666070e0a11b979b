"""Asks a question of Athena on an account: `make athena-remote ENV=dev Q=file`.

python -m chartlake.athena.ask dev athena/queries/climbers.sql
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from chartlake.athena.account import AccountError, open_athena
from chartlake.athena.statements import read_statement
from chartlake.cli.tables import show_rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the answer and what was read for it; return the exit code."""
    parser = argparse.ArgumentParser(prog="make athena-remote", description="Ask Athena.")
    parser.add_argument("environment", help="the workgroup is chartlake-<environment>")
    parser.add_argument("file", type=Path, help="file of one SELECT")
    options = parser.parse_args(arguments)
    console = Console(highlight=False, markup=False)
    try:
        question = read_statement(options.file)
        with open_athena(options.environment) as athena:
            answer = athena.run(question.sql)
    except (OSError, UnicodeDecodeError) as error:
        console.print(f"{options.file} cannot be read: {getattr(error, 'strerror', error)}.")
        return 1
    except AccountError as error:
        console.print(f"That did not work: {error}")
        return 1
    show_rows(answer.rows, console)
    console.print(f"Athena read {answer.scanned / 1_000_000:,.1f} MB, and bills 10 MB at least.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
