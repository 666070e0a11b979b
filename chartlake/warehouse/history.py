"""What a table has loaded, in fakesnow's own INFORMATION_SCHEMA.LOAD_HISTORY."""

from datetime import datetime

from duckdb import DuckDBPyConnection

from chartlake.warehouse.names import Name


def columns(duck: DuckDBPyConnection, table: Name) -> list[str]:
    """List the columns of a table in order; empty if there is no such table."""
    rows = duck.execute(
        "SELECT column_name FROM duckdb_columns() WHERE NOT internal"
        " AND database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index",
        list(table),
    ).fetchall()
    return [name for (name,) in rows]


def loaded_files(duck: DuckDBPyConnection, table: Name) -> set[str]:
    """Return the files that the table holds, without those that failed."""
    rows = duck.execute(
        f"SELECT FILE_NAME FROM {_store(table)}"  # noqa: S608 - a database's name, not a value
        " WHERE SCHEMA_NAME = ? AND TABLE_NAME = ? AND STATUS = 'LOADED'",
        [table.schema, table.name],
    ).fetchall()
    return {name for (name,) in rows}


def forget(duck: DuckDBPyConnection, table: Name, status: str = "%", prefix: str = "") -> None:
    """Forget what the table has loaded, or only files with a status, or below a prefix."""
    duck.execute(
        f"DELETE FROM {_store(table)}"  # noqa: S608 - a database's name, not a value
        " WHERE SCHEMA_NAME = ? AND TABLE_NAME = ? AND STATUS LIKE ? AND starts_with(FILE_NAME, ?)",
        [table.schema, table.name, status, prefix],
    )


def remember(
    duck: DuckDBPyConnection,
    table: Name,
    at: datetime,
    files: list[str],
    rows: list[int],
    error: str | None = None,
) -> None:
    """Record files and their row counts: loaded, or failed with an error."""
    status = "LOADED" if error is None else "LOAD_FAILED"
    values = [
        table.schema,
        files,
        table.name,
        at,
        status,
        rows,
        rows,
        error,
        int(error is not None),
    ]
    duck.execute(
        f"INSERT INTO {_store(table)}"  # noqa: S608 - a database's name, no value
        " SELECT ?, unnest(?), ?, ?, ?, unnest(?), unnest(?), ?, NULL, NULL, NULL, ?, 1",
        values,
    )


def report(table: Name, at: datetime) -> str:
    """Return SQL that shows one load: one row per file."""
    return (
        'SELECT FILE_NAME AS "file", STATUS AS "status", ROW_COUNT AS "rows_loaded",'  # noqa: S608 - names of existing tables
        ' FIRST_ERROR_MESSAGE AS "first_error"'
        f" FROM {table.database}.INFORMATION_SCHEMA.LOAD_HISTORY"
        f" WHERE SCHEMA_NAME = '{table.schema}' AND TABLE_NAME = '{table.name}'"
        f" AND LAST_LOAD_TIME = '{at.isoformat()}'::TIMESTAMP_TZ ORDER BY 1"
    )


def copy_history(table: Name) -> str:
    """Return SQL that stands in for the COPY_HISTORY of a table; it goes back without limit."""
    return (
        "(SELECT FILE_NAME, LAST_LOAD_TIME, ROW_COUNT, FIRST_ERROR_MESSAGE,"  # noqa: S608 - names of existing tables
        " IFF(STATUS = 'LOADED', 'Loaded', 'Load failed') AS STATUS, TABLE_NAME"
        f" FROM {table.database}.INFORMATION_SCHEMA.LOAD_HISTORY"
        f" WHERE SCHEMA_NAME = '{table.schema}' AND TABLE_NAME = '{table.name}')"
    )


def _store(table: Name) -> str:
    return f"{table.database}._fs_information_schema._fs_load_history"
