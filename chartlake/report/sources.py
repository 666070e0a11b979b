"""Sources of the report's rows: four engines that answer the same SELECT.

A query names a view as Athena does, `chartlake.song_moves`; on Snowflake that is
`<database>.MARTS.SONG_MOVES`. Each function imports only its own engine: a Lambda has one of them,
and a laptop does not need those of an account.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from chartlake.contract.errors import UserError
from chartlake.contract.sql import Ask, Rows
from chartlake.lake_folder import LakeFolder

_VIEW = re.compile(r"\bchartlake\.(?=\w)")


class SourceError(UserError):
    """The rows are unavailable; the message says in one sentence why and what to do."""


@contextmanager
def demo_warehouse(lake: Path) -> Iterator[Ask]:
    """Query the embedded warehouse of a lake; raises UserError."""
    from chartlake.warehouse.warehouse import DATABASE, open_existing

    with open_existing(LakeFolder(lake)) as warehouse:
        yield lambda sql: _plain(warehouse.query(on_snowflake(sql, DATABASE)))


@contextmanager
def local_athena(lake: Path) -> Iterator[Ask]:
    """Query the files of a lake through the stand-in for Athena; raises UserError."""
    from chartlake.athena.stand_in.lake import open_existing

    with open_existing(LakeFolder(lake)) as athena:
        yield lambda sql: _plain(athena.query(sql))


@contextmanager
def athena_account(environment: str) -> Iterator[Ask]:
    """Query Athena on AWS, in the workgroup of an environment; raises SourceError."""
    from chartlake.athena.account import AccountError, open_athena

    try:
        with open_athena(environment) as athena:
            yield lambda sql: _plain(athena.query(sql))
    except AccountError as error:
        raise SourceError(f"Athena did not respond: {error}") from error


@contextmanager
def snowflake_account(environment: str) -> Iterator[Ask]:
    """Query Snowflake as the environment's analyst; raises SourceError."""
    from chartlake.snowflake.account import AccountError, session
    from chartlake.snowflake.environments import EnvironmentFileError, read_environment

    try:
        variables = read_environment(environment)
        with session(variables, f"{variables['prefix']}_ANALYST") as snowflake:
            yield lambda sql: _plain(snowflake.query(on_snowflake(sql, variables["database"])))
    except (EnvironmentFileError, AccountError) as error:
        raise SourceError(f"Snowflake did not respond: {error}") from error


def on_snowflake(sql: str, database: str) -> str:
    """Rename the views of a query as Snowflake names them."""
    return _VIEW.sub(f"{database}.MARTS.", sql)


def _plain(rows: Rows) -> Rows:
    return [{name: _value(value) for name, value in row.items()} for row in rows]


def _value(value: object) -> object:
    """Convert a number or timestamp to the one type that all engines share."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return value


def open_source(source: str, lake: Path, environment: str) -> AbstractContextManager[Ask]:
    """Open a source by name, for a lake's folder or an environment; raises UserError."""
    if source == "warehouse":
        return demo_warehouse(lake)
    if source == "lake":
        return local_athena(lake)
    return athena_account(environment) if source == "athena" else snowflake_account(environment)
