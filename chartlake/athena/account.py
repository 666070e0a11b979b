"""A session with Athena on an AWS account.

boto3 finds credentials and the region: AWS_PROFILE, AWS_REGION, a role. The workgroup decides where
results are stored.
"""

import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pyathena
from botocore.exceptions import BotoCoreError
from pyathena.error import Error
from pyathena.model import AthenaQueryExecution

from chartlake.athena.statements import DATABASE, twice_named
from chartlake.contract.counts import counted
from chartlake.contract.errors import UserError
from chartlake.contract.printable import printable
from chartlake.contract.sql import Rows

PATIENCE_SECONDS = 300
"""After this time a query is stopped: it would be scanned, and billed, for nobody."""
UNKNOWN_PLACE = "AWS credentials or region cannot be used: {}. Set AWS_PROFILE and AWS_REGION."
NO_VIEW = re.compile(rf"'(?:\w+\.)?{DATABASE}(?:\.\w+)?' does not exist")
MADE_BY = "{}. Create the views with `chartlake aws views`."
UNAUTHORISED = ("NoCredentials", "NoRegion", "ProfileNotFound", "TokenRetrieval", "SSOToken")


class AccountError(UserError):
    """The account cannot be reached, or Athena rejected a statement; the message is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class Answer(NamedTuple):
    """The rows of a statement, and the bytes that Athena scanned and bills."""

    rows: Rows
    scanned: int


class Athena:
    """An open session; create it with open_athena."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def query(self, sql: str) -> Rows:
        """Run one statement and return its rows; see `run`."""
        return self.run(sql).rows

    def run(self, sql: str) -> Answer:
        """Run one statement; timestamps are naive UTC. Raises AccountError."""
        in_time = self._stop_after(PATIENCE_SECONDS)
        with _in_one_line(), self._connection.cursor(on_poll=in_time) as cursor:
            cursor.execute(sql)
            names = [column[0] for column in cursor.description or []]
            if twice := twice_named(names):
                raise AccountError(twice)
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            return Answer(rows, cursor.data_scanned_in_bytes or 0)

    def _stop_after(self, seconds: float) -> Callable[[AthenaQueryExecution], None]:
        end = time.monotonic() + seconds

        def look(execution: AthenaQueryExecution) -> None:
            if time.monotonic() > end and execution.state not in execution.TERMINAL_STATES:
                self._connection.client.stop_query_execution(QueryExecutionId=execution.query_id)
                patience = counted(seconds, "second")
                raise AccountError(f"no result within {patience}: the query was stopped.")

        return look


@contextmanager
def open_athena(environment: str) -> Iterator[Athena]:
    """Open a session in an environment's workgroup, chartlake-<environment>; raises AccountError.

    CHARTLAKE_ATHENA_WORKGROUP and CHARTLAKE_ATHENA_CATALOG override the workgroup and the catalog.
    """
    # PyAthena logs a traceback before it raises; our error has one line.
    logging.getLogger("pyathena").addHandler(logging.NullHandler())
    with _in_one_line():
        connection = pyathena.connect(
            work_group=os.environ.get("CHARTLAKE_ATHENA_WORKGROUP", f"chartlake-{environment}"),
            catalog_name=os.environ.get("CHARTLAKE_ATHENA_CATALOG", "AwsDataCatalog"),
            schema_name=DATABASE,
            poll_interval=0.5,
        )
    with connection:
        yield Athena(connection)


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except (Error, BotoCoreError) as error:
        cause = error.__cause__ or error
        text = " ".join(str(error).split()) or type(error).__name__
        if type(cause).__name__.startswith(UNAUTHORISED):
            text = UNKNOWN_PLACE.format(text)
        elif NO_VIEW.search(text):
            text = MADE_BY.format(text.rstrip("."))
        raise AccountError(text) from error
