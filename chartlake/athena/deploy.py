"""Makes or replaces every view of `athena/views/` on an account: `make athena-views ENV=dev`.

    python -m chartlake.athena.deploy dev

The landing tables come with the AWS stack, and have to be there. Safe to repeat, and to be repeated
after every change: a view keeps the columns that the views below it had when it was made.
"""

import argparse
import sys
from collections.abc import Sequence

from chartlake.athena.account import AccountError, open_athena
from chartlake.athena.statements import DATABASE, views


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the database and the views; return 0, or 1 where one cannot be made."""
    parser = argparse.ArgumentParser(prog="make athena-views", description="Make the views.")
    parser.add_argument("environment", help="the workgroup is chartlake-<environment>")
    options = parser.parse_args(arguments)
    step = f"database {DATABASE}"
    try:
        with open_athena(options.environment) as athena:
            athena.run(f"CREATE DATABASE IF NOT EXISTS {DATABASE}")
            for view in views():
                step = f"view {DATABASE}.{view.name}"
                athena.run(view.sql)
                sys.stdout.write(f"{view.name:<16} {view.sentence}\n")
                sys.stdout.flush()
    except AccountError as error:
        sys.stderr.write(f"The {step} could not be made: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
