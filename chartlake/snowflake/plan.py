"""Prints the rendered SQL of a deployment: `chartlake snowflake plan ENV`; needs no account.

The SQL goes to standard output, remarks to standard error.
"""

import sys

from chartlake.snowflake.environments import is_example, read_environment
from chartlake.snowflake.sql_files import render, sql_files


def print_plan(environment: str) -> None:
    """Print every file under its name; raises EnvironmentFileError."""
    variables = read_environment(environment)
    for path in sql_files():
        sys.stdout.write(f"-- ==== {path.name}\n\n{render(path, variables)}\n")
    if is_example(variables):
        sys.stderr.write(f"{environment}.toml still has the example account.\n")
