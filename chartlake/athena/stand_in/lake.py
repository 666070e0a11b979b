"""A lake's folder as Athena shows it: landing tables over its files, and views over them.

A landing table reads every run of every day, as its projected partitions do, with `dt` as text.
Files and folders whose names begin with _ or . are ignored, as in Athena.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from chartlake.athena.stand_in.dialect import to_duckdb
from chartlake.athena.stand_in.words import NotAthenaError
from chartlake.athena.statements import DATABASE, twice_named, views
from chartlake.contract.errors import UserError
from chartlake.contract.paths import table_prefix
from chartlake.contract.printable import printable_lines
from chartlake.contract.schema import Column, Table
from chartlake.contract.tables import TABLES
from chartlake.lake_folder import LakeFolder

LANDING = "chartlake_landing"
DUCK_TYPES = {
    "int": "INTEGER",
    "bigint": "BIGINT",
    "boolean": "BOOLEAN",
    "string": "VARCHAR",
    "double": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "array<string>": "VARCHAR[]",
}
ATHENA_TYPES = {duck: hive for hive, duck in DUCK_TYPES.items()} | {
    "VARCHAR": "varchar",
    "TIMESTAMP": "timestamp(3)",
    "VARCHAR[]": "array(varchar)",
}
"""DuckDB type -> Athena's name for it in a SELECT."""
FILE_TYPES = {"timestamp": "TIMESTAMP WITH TIME ZONE"}
CREATE = f"CREATE OR REPLACE VIEW {DATABASE}."


class AthenaLake:
    """An open lake; create it with open_lake."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._schema: dict[str, dict[str, dict[str, str]]] = {LANDING: {}, DATABASE: {}}

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Run one SELECT in Athena's SQL; return a dict per row. Timestamps are naive UTC.

        Raises NotAthenaError with a sentence.
        """
        text = to_duckdb(sql.strip().removesuffix(";"), self._schema)
        try:
            found = self._connection.execute(text)
            names, rows = [column[0] for column in found.description or []], found.fetchall()
        except duckdb.Error as error:
            raise NotAthenaError(str(error).partition("\n\nLINE ")[0]) from error
        if twice := twice_named(names):
            raise NotAthenaError(twice)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def columns(self, view: str) -> dict[str, str]:
        """Return the columns of a view in order, each with Athena's type."""
        types = self._schema[DATABASE][view]
        return {name: ATHENA_TYPES[duck] for name, duck in types.items()}

    def add_table(self, table: Table, root: Path) -> None:
        """Declare a landing table over a lake's files; raises NotAthenaError if a type is wrong."""
        name = f"{LANDING}.{table.name}"
        files = _files(root / table_prefix(table.name))
        there = self._types_of(files, table) if files else {}
        columns = [_value(column, column.name in there) for column in table.columns]
        source = _read(files) if files else "(SELECT NULL AS dt) WHERE FALSE"
        self._create(name, f"SELECT {', '.join(columns)}, dt::VARCHAR AS dt FROM {source}")  # noqa: S608 - names from the contract, and quoted file names

    def add_view(self, name: str, sql: str) -> None:
        """Create a view from one `CREATE OR REPLACE VIEW chartlake.<name> AS`."""
        head, _, body = sql.partition(" AS\n")
        if head != CREATE + name:
            raise NotAthenaError(f"{name}.sql must begin with {CREATE}{name} AS")
        self._create(f"{DATABASE}.{name}", to_duckdb(body, self._schema))

    def _create(self, name: str, sql: str) -> None:
        database, _, table = name.partition(".")
        types = self._describe(sql)
        # In Athena, a sum of integers is a bigint.
        whole = [f"{c}::BIGINT AS {c}" if t == "HUGEINT" else c for c, t in types.items()]
        self._connection.execute(f"CREATE VIEW {name} AS SELECT {', '.join(whole)} FROM ({sql})")  # noqa: S608 - names from the contract, and quoted file names
        self._schema[database][table] = {
            column: "BIGINT" if type_ == "HUGEINT" else type_ for column, type_ in types.items()
        }

    def _types_of(self, files: list[str], table: Table) -> dict[str, str]:
        found = self._describe(f"SELECT * FROM {_read(files)}")  # noqa: S608 - names of our files
        for column in table.columns:
            wanted = FILE_TYPES.get(column.type, DUCK_TYPES[column.type])
            if found.get(column.name, wanted) != wanted:
                raise NotAthenaError(
                    f"{table.name}.{column.name} is declared {column.type}, but the files have"
                    f" {found[column.name]}: Athena could not read them."
                )
        return found

    def _describe(self, sql: str) -> dict[str, str]:
        rows = self._connection.execute(f"DESCRIBE {sql}").fetchall()
        return {row[0]: row[1] for row in rows}


@contextmanager
def open_lake(root: Path, with_views: bool = True) -> Iterator[AthenaLake]:
    """Open the lake of a folder that holds curated/, and create every view of athena/views on it.

    The views take most of the time; queries of landing tables alone do not need them.
    """
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET parquet_metadata_cache = true")
        connection.execute("SET enable_progress_bar = false")
        for database in (LANDING, DATABASE):
            connection.execute(f"CREATE SCHEMA {database}")
        lake = AthenaLake(connection)
        for table in TABLES:
            lake.add_table(table, root)
        for view in views() if with_views else ():
            lake.add_view(view.name, view.sql)
        yield lake
    finally:
        connection.close()


@contextmanager
def open_existing(lake: LakeFolder) -> Iterator[AthenaLake]:
    """Open a lake; raises UserError if there is none, or a file of it cannot be read."""
    if not lake.curated.is_dir():
        raise UserError(f"There is no lake in {lake.root} yet. Run `chartlake demo` first.")
    try:
        with open_lake(lake.curated) as opened:
            yield opened
    except duckdb.Error as error:
        # The rest of the message is DuckDB's own SQL.
        reason = printable_lines(str(error).partition("\n\nLINE ")[0])
        raise UserError(f"The lake in {lake.root} cannot be read: {reason}") from error


def _files(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(str(p) for p in paths if not _is_hidden(p.relative_to(folder)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(("_", ".")) for part in path.parts)


def _read(files: list[str]) -> str:
    names = ", ".join("'{}'".format(file.replace("'", "''")) for file in files)
    return (
        f"read_parquet([{names}], union_by_name = true, hive_partitioning = true,"
        " hive_types = {'dt': VARCHAR})"
    )


def _value(column: Column, is_there: bool) -> str:
    """Read a column as Athena does: null if no file has it, a timestamp without its zone."""
    in_utc = f"({column.name} AT TIME ZONE 'UTC')" if column.type == "timestamp" else column.name
    return f"{in_utc if is_there else 'NULL'}::{DUCK_TYPES[column.type]} AS {column.name}"
