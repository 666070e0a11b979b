"""A session on the account, for queries that need rows instead of text.

The connector finds the account as `snow` does: `connections.toml` in SNOWFLAKE_HOME, and
SNOWFLAKE_DEFAULT_CONNECTION_NAME picks a connection.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import snowflake.connector
from snowflake.connector.errors import Error

from chartlake.contract.errors import UserError
from chartlake.contract.printable import printable
from chartlake.snowflake.environments import Variables

Row = dict[str, Any]
Ask = Callable[[str], list[Row]]
"""Runs one statement and returns a dict per row, with lower-case keys."""


class AccountError(UserError):
    """The account cannot be reached, or rejected a statement; the message is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


@contextmanager
def session(variables: Variables, role: str) -> Iterator[Ask]:
    """Open a session with a role and the environment's warehouse; raises AccountError."""
    try:
        # No arguments: with any, the connector ignores its default connection.
        with snowflake.connector.connect() as connection:
            _rows(connection, f"USE ROLE {role}")
            _rows(connection, f"USE WAREHOUSE {variables['prefix']}_WH")
            yield lambda sql: _rows(connection, sql)
    except Error as error:
        raise AccountError(" ".join(str(error.msg or error).split())) from error


def _rows(connection: snowflake.connector.SnowflakeConnection, sql: str) -> list[Row]:
    cursor = connection.cursor()
    cursor.execute(sql)
    names = [column.name.lower() for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
