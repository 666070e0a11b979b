"""The statements of `snowflake/*.sql` for the embedded warehouse."""

from collections.abc import Iterator

from chartlake.snowflake import sql_files
from chartlake.snowflake.environments import read_environment

SQL_FOLDER = sql_files.FOLDER

LOCAL_VARIABLES = read_environment("local")
"""The values of a local deployment for the variables of the SQL files."""


def statements() -> Iterator[str]:
    """Yield every statement of the numbered SQL files, in order."""
    for path in sql_files.sql_files():
        yield from sql_files.statements(path, LOCAL_VARIABLES)
