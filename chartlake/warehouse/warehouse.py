"""The embedded warehouse: deploy the SQL, load new files, query."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from snowflake.connector.errors import Error

from chartlake.contract.errors import UserError
from chartlake.lake_folder import LakeFolder
from chartlake.warehouse import deploy
from chartlake.warehouse.account import Account, Connection, Cursor
from chartlake.warehouse.copy_statement import read_copy
from chartlake.warehouse.values import plain_row

DATABASE = deploy.LOCAL_VARIABLES["database"]


class WarehouseError(UserError):
    """A statement failed, or the warehouse cannot be opened; the message is one line."""


class SkippedFile(NamedTuple):
    """A file that the newest load could not read: its table, its key in the bucket, and why."""

    table: str
    file: str
    reason: str


class Warehouse:
    """An open warehouse; create it with open_warehouse."""

    def __init__(self, account: Account, connection: Connection) -> None:
        self.account = account
        self._connection = connection

    @property
    def not_emulated(self) -> list[str]:
        """Statements that were noted but not run: grants, roles, alerts ..."""
        return self.account.not_emulated

    def deploy(self) -> None:
        """Run `snowflake/*.sql` in order. Safe to repeat; raises WarehouseError."""
        for statement in deploy.statements():
            self._execute(statement)

    def load(self) -> dict[str, int]:
        """Refresh every pipe; return table -> rows loaded, 0 if nothing is new. Deploy first.

        A file that cannot be read is skipped; `skipped_files` says which and why.
        """
        counts = {}
        for pipe, copy in self.account.pipes.items():
            files = self.query(f"ALTER PIPE {pipe} REFRESH")
            table = read_copy(copy, self._connection.cursor().name_of).table
            counts[table.name.lower()] = sum(file["rows_loaded"] for file in files)
        return counts

    def skipped_files(self) -> list[SkippedFile]:
        """List the files that the newest load of their table could not read."""
        rows = self.query(
            "SELECT TABLE_NAME, FILE_NAME, FIRST_ERROR_MESSAGE"  # noqa: S608 - a constant
            f" FROM {DATABASE}.INFORMATION_SCHEMA.LOAD_HISTORY"
            " WHERE STATUS = 'LOAD_FAILED' ORDER BY TABLE_NAME, FILE_NAME"
        )
        return [SkippedFile(*row.values()) for row in rows]

    def marts(self) -> dict[str, str]:
        """List the views of MARTS: name -> grain. Empty before the first deploy."""
        rows = self.account.duck_conn.execute(
            "SELECT view_name, comment FROM duckdb_views()"
            " WHERE database_name = ? AND schema_name = 'MARTS' ORDER BY view_name",
            [DATABASE],
        ).fetchall()
        return {name: comment or "" for name, comment in rows}

    def query(self, sql: str, params: Any = None) -> list[dict[str, Any]]:
        """Run one statement; return a dict per row with lower-case keys and plain Python values.

        `params` fill %s or %(name)s. Raises WarehouseError, with the engine's message in one line.
        """
        cursor = self._execute(sql, params)
        columns = cursor.description
        return [plain_row(columns, tuple(row)) for row in cursor.fetchall()]

    def _execute(self, sql: str, params: Any = None) -> Cursor:
        try:
            return self._connection.cursor().execute(sql, params)
        except (Error, duckdb.Error) as error:
            raise WarehouseError(_one_line(error)) from error


def warehouse_file(folder: Path) -> Path:
    """Return the path of the warehouse file in this folder."""
    return folder / f"{DATABASE}.db"


@contextmanager
def open_warehouse(folder: Path, mounts: Mapping[str, Path] | None = None) -> Iterator[Warehouse]:
    """Open the warehouse file in `folder`, created if missing; deploy it before loading.

    `mounts` maps buckets to folders, and is needed only for loading. Raises WarehouseError if
    another process has the warehouse open, or a folder's name is rejected.
    """
    for place in (folder, *(mounts or {}).values()):
        # fakesnow writes the name into a statement unescaped; DuckDB reads the rest as patterns.
        if awkward := {*"'*?["} & {*str(place)}:
            sign = min(awkward)
            raise WarehouseError(f"The name of this folder must not contain {sign}: {place}")
    folder.mkdir(parents=True, exist_ok=True)
    account = Account(folder, mounts or {})
    try:
        try:
            connection = account.connect(database=DATABASE)
        except duckdb.IOException as error:
            raise WarehouseError(
                f"The warehouse in {folder} cannot be opened. Close other programs that use it."
                f" DuckDB says: {_one_line(error)}"
            ) from error
        with connection:
            yield Warehouse(account, connection)
    finally:
        account.duck_conn.close()


@contextmanager
def open_existing(lake: LakeFolder) -> Iterator[Warehouse]:
    """Open the warehouse of a lake; raises WarehouseError also if there is none."""
    if not warehouse_file(lake.warehouse).exists():
        raise WarehouseError(
            f"There is no warehouse in {lake.warehouse} yet. Run `chartlake demo` first."
        )
    with open_warehouse(lake.warehouse, lake.stage) as warehouse:
        yield warehouse


def _one_line(error: Exception) -> str:
    text = str(getattr(error, "raw_msg", None) or error)
    # DuckDB adds the statement with an arrow below it, which is of no use on one line.
    return " ".join(text.partition("\n\nLINE ")[0].split())
