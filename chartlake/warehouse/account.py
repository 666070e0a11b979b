"""A fakesnow account whose cursors also handle what fakesnow lacks.

These are subclasses, not patches, so the same account can be served over HTTP: fakesnow's server
takes any FakeSnow as its `shared_fs`.
"""

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fakesnow.conn import FakeSnowflakeConnection
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.instance import FakeSnow
from snowflake.connector.cursor import DictCursor, SnowflakeCursor
from sqlglot import exp

from chartlake.warehouse.names import Name, name_in
from chartlake.warehouse.statements import answer

# sqlglot logs each clause that DuckDB does not support: COPY GRANTS, the comment of a view.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


class Account(FakeSnow):
    """One account: databases are files in `folder`, buckets are folders, pipes are in memory."""

    def __init__(self, folder: Path, mounts: Mapping[str, Path]) -> None:
        super().__init__(db_path=folder)
        self.mounts = mounts
        self.pipes: dict[Name, str] = {}
        self.not_emulated: list[str] = []

    def connect(
        self,
        database: str | None = None,
        schema: str | None = None,
        nop_regexes: list[str] | None = None,
        **kwargs: Any,
    ) -> "Connection":
        """Open a session, as snowflake.connector.connect does."""
        return Connection(
            self,
            self.duck_conn.cursor(),
            self.results_cache,
            database,
            schema,
            db_path=self.db_path,
            nop_regexes=nop_regexes,
            **kwargs,
        )


class Connection(FakeSnowflakeConnection):
    """A session of the account."""

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def cursor(self, cursor_class: type[SnowflakeCursor] = SnowflakeCursor) -> "Cursor":
        """Open a cursor; a DictCursor returns its rows as dicts."""
        return Cursor(self, self._duck_conn, use_dict_result=issubclass(cursor_class, DictCursor))


class Cursor(FakeSnowflakeCursor):
    """A cursor that tries our own handlers first."""

    _conn: Connection

    def execute(self, command: str, params: Any = None, *args: Any, **kwargs: Any) -> "Cursor":
        """Run a statement, or its stand-in."""
        stand_in = answer(command, self._conn.account, self._duck_conn, self.name_of)
        if stand_in is not None:
            command, params = stand_in, None
            kwargs.pop("binding_params", None)
        super().execute(command, params, *args, **kwargs)
        return self

    def name_of(self, text: str) -> Name:
        """Qualify an object's name with the session's database and schema."""
        return name_in(text, self._conn.database, self._conn.schema)

    def _execute(self, transformed: exp.Expr, *args: Any, **kwargs: Any) -> None:
        # DuckDB 2.0 warns about the way fakesnow fetches, once per statement.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")
            super()._execute(transformed, *args, **kwargs)
        self._keep_view_comment(transformed)

    def _keep_view_comment(self, transformed: exp.Expr) -> None:
        # fakesnow keeps it only in memory, and it states the grain of a view.
        view, comment = transformed.args.get("table_comment") or (None, None)
        if view and comment and transformed.args.get("kind") == "VIEW":
            words = exp.Literal.string(comment).sql(dialect="duckdb")
            self._duck_conn.execute(f"COMMENT ON VIEW {view.sql(dialect='duckdb')} IS {words}")
