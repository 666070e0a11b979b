"""`snowflake/*.sql` with an environment's variables filled in, in numerical order."""

import io
from collections.abc import Iterator
from pathlib import Path

import jinja2
from snowflake.connector.util_text import split_statements

from chartlake.resources import SNOWFLAKE
from chartlake.snowflake.environments import Variables

FOLDER = SNOWFLAKE
WORKSHEETS = FOLDER / "worksheets"

ACCOUNT_FILE = FOLDER / "00_account.sql"
"""The one file that needs ACCOUNTADMIN, and must run before AWS can trust Snowflake."""


def sql_files() -> list[Path]:
    """List the numbered files in order."""
    return sorted(FOLDER.glob("[0-9]*.sql"))


def database_files() -> list[Path]:
    """List the files that need AWS to trust Snowflake: all but the account's."""
    return [path for path in sql_files() if path != ACCOUNT_FILE]


def render(path: Path, variables: Variables) -> str:
    """Fill in the variables.

    Raises jinja2.UndefinedError for a variable that the environment does not have.
    """
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - SQL; `snow sql` does not escape either
        keep_trailing_newline=True,
    )
    return environment.from_string(path.read_text(encoding="utf-8")).render(variables)


def statements(path: Path, variables: Variables) -> Iterator[str]:
    """Yield a file's statements without comments and semicolons, as `snow sql` sends them."""
    text = render(path, variables)
    for statement, _ in split_statements(io.StringIO(text), remove_comments=True):
        if bare := statement.strip().removesuffix(";"):
            yield bare
