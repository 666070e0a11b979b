"""Loads new Parquet files from a mounted stage into a table: Snowpipe, on demand.

One statement reads all new files of a table, in one transaction. If it fails, the batch is halved
until the faulty file is alone: it is skipped and reported, and the others are loaded.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection
from snowflake.connector.errors import ProgrammingError

from chartlake.warehouse import history
from chartlake.warehouse.copy_statement import CopyStatement
from chartlake.warehouse.names import Name

ROWS = """(
    SELECT
        *,
        $location || substr(filename, $root_length + 1) AS "METADATA$FILENAME",
        file_row_number + 1 AS "METADATA$FILE_ROW_NUMBER",
        $at AS "METADATA$START_SCAN_TIME"
    FROM read_parquet(
        $files, union_by_name = true, filename = true, file_row_number = true,
        hive_partitioning = false
    )
)"""


@dataclass(frozen=True)
class Load:
    """One run of a COPY at one time, from `root`, the folder for `location` in the bucket."""

    duck: DuckDBPyConnection
    copy: CopyStatement
    root: str
    location: str
    at: datetime


def run_copy(
    duck: DuckDBPyConnection, copy: CopyStatement, mounts: Mapping[str, Path], prefix: str = ""
) -> str:
    """Load every file that the table does not hold yet; return SQL that reports each file.

    A prefix extends the COPY's own path, and only files below it are considered.

    Raises ProgrammingError if the table or the stage is missing, or no folder is mounted for it.
    """
    if not history.columns(duck, copy.table):
        raise ProgrammingError(f"Table '{copy.table}' does not exist.", errno=2003)
    root, location = mounted(stage_url(duck, copy.stage), mounts)
    load = Load(duck, copy, root, location, datetime.now(UTC))
    held = history.loaded_files(duck, copy.table)
    below = copy.path + prefix
    history.forget(duck, copy.table, "LOAD_FAILED", location + below)
    arrived = (path for path in files_below(root, below) if re.fullmatch(copy.pattern, path))
    new = [root + path for path in arrived if location + path not in held]
    if new:
        _load_batch(load, new)
    return history.report(copy.table, load.at)


def stage_url(duck: DuckDBPyConnection, stage: Name) -> str:
    """Return a stage's URL, with a slash at the end; raises ProgrammingError if it is missing."""
    row = duck.execute(
        "SELECT url FROM _fs_global._fs_information_schema._fs_stages"
        " WHERE database_name = ? AND schema_name = ? AND name = ?",
        list(stage),
    ).fetchone()
    if row is None:
        raise ProgrammingError(f"Stage '{stage}' does not exist.", errno=2003)
    return str(row[0]).rstrip("/") + "/"


def mounted(url: str, mounts: Mapping[str, Path]) -> tuple[str, str]:
    """Return the folder for a stage's URL, and the stage's path in its bucket.

    Raises ProgrammingError if no folder is mounted for it.
    """
    for address, folder in mounts.items():
        if url.startswith(address):
            inside = url.removeprefix(address)
            return f"{folder.resolve() / inside}/", url.removeprefix("s3://").partition("/")[2]
    raise ProgrammingError(
        f"No folder is mounted for {url}. Pass its bucket in the mounts of open_warehouse."
    )


def files_below(root: str, prefix: str) -> Iterator[str]:
    """List the files whose path begins with a prefix, in order and relative to the root.

    A pattern is matched against such a path: Snowpipe also trims the stage's own part.
    """
    for path in sorted(Path(root, prefix.rpartition("/")[0]).rglob("*")):
        inside = str(path)[len(root) :]
        if path.is_file() and inside.startswith(prefix):
            yield inside


def _load_batch(load: Load, files: list[str]) -> None:
    load.duck.execute("BEGIN")
    try:
        _insert(load, files)
        load.duck.execute("COMMIT")
    except duckdb.Error as error:
        load.duck.execute("ROLLBACK")
        if len(files) == 1:
            reason = str(error).splitlines()[0]
            history.remember(load.duck, load.copy.table, load.at, _names(load, files), [0], reason)
            return
        middle = len(files) // 2
        _load_batch(load, files[:middle])
        _load_batch(load, files[middle:])


def _insert(load: Load, files: list[str]) -> None:
    table, metadata = load.copy.table, load.copy.metadata
    given = {
        "files": files,
        "location": load.location,
        "root_length": len(load.root),
        "at": load.at,
    }
    load.duck.execute(f"SELECT * FROM {ROWS} LIMIT 0", given)  # noqa: S608 - a constant
    found = {column[0].upper(): column[0] for column in load.duck.description or []}
    wanted = [found.get(metadata.get(name, name)) for name in history.columns(load.duck, table)]
    # A column that no file has is NULL: Snowflake does not apply defaults here either.
    values = ", ".join("NULL" if name is None else f'"{name}"' for name in wanted)
    load.duck.execute(f"INSERT INTO {table} SELECT {values} FROM {ROWS}", given)  # noqa: S608 - names of existing columns
    counts = load.duck.execute(
        "SELECT file_name, num_rows FROM parquet_file_metadata(?)", [files]
    ).fetchall()
    names = _names(load, [name for name, _ in counts])
    history.remember(load.duck, table, load.at, names, [rows for _, rows in counts])


def _names(load: Load, files: list[str]) -> list[str]:
    return [load.location + path[len(load.root) :] for path in files]
