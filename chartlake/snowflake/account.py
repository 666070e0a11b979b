"""A session on the account, for queries that need rows instead of text.

The connector finds the account as `snow` does: `connections.toml` in SNOWFLAKE_HOME, and
SNOWFLAKE_DEFAULT_CONNECTION_NAME picks a connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import snowflake.connector
from snowflake.connector.errors import Error

from chartlake.contract.errors import UserError
from chartlake.contract.printable import printable
from chartlake.contract.sql import Rows
from chartlake.snowflake.environments import Variables


class AccountError(UserError):
    """The account cannot be reached, or rejected a statement; the message is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class Session:
    """An open session; create it with session."""

    def __init__(self, connection: snowflake.connector.SnowflakeConnection) -> None:
        self._connection = connection

    def query(self, sql: str) -> Rows:
        """Run one statement and return its rows; raises AccountError at the end of the session."""
        cursor = self._connection.cursor()
        cursor.execute(sql)
        names = [column.name.lower() for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def session(variables: Variables, role: str) -> Iterator[Session]:
    """Open a session with a role and the environment's warehouse; raises AccountError."""
    try:
        # No arguments: with any, the connector ignores its default connection.
        with snowflake.connector.connect() as connection:
            opened = Session(connection)
            opened.query(f"USE ROLE {role}")
            opened.query(f"USE WAREHOUSE {variables['prefix']}_WH")
            yield opened
    except Error as error:
        raise AccountError(" ".join(str(error.msg or error).split())) from error
