"""Prints the SQL that a deploy would run, rendered; needs no account: `make snowflake-plan`.

    python -m chartlake.snowflake.plan dev [> plan.sql]

The SQL goes to standard output, remarks to standard error.
"""

import argparse
import sys
from collections.abc import Sequence

from chartlake.snowflake.environments import EnvironmentFileError, is_example, read_environment
from chartlake.snowflake.sql_files import render, sql_files


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every file under its name; return the exit code."""
    parser = argparse.ArgumentParser(prog="make snowflake-plan")
    parser.add_argument("environment", help="a file of snowflake/environments, without .toml")
    options = parser.parse_args(arguments)
    try:
        variables = read_environment(options.environment)
    except EnvironmentFileError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for path in sql_files():
        sys.stdout.write(f"-- ==== {path.name}\n\n{render(path, variables)}\n")
    if is_example(variables):
        sys.stderr.write(f"{options.environment}.toml still holds the example account.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
