"""Compares what runs promise, what S3 holds, what Snowpipe did and what the tables hold.

A manifest promises rows per table. If a table holds fewer, its folder of that run is listed, and
each file in it is looked up in the table and in the COPY_HISTORY, which goes back 14 days. A
manifest that never arrived promises nothing, so the manifests in S3 are compared, too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

from chartlake.contract.sql import Ask, Row

NEVER = "never loaded: Snowpipe was not notified, or has not reached it yet"

REFRESHABLE = timedelta(days=7)
"""ALTER PIPE ... REFRESH reaches back this far; see its page in Snowflake's documentation."""

FINISHED = r"(dt=[0-9-]+/run=[0-9A-Za-z-]+/part-[^/]+[.]parquet)"
"""The path of a complete file below its table's folder; copies below _temporary do not match."""


@dataclass(frozen=True)
class Fault:
    """A file that is in S3 but not in its table: its name below the table's folder, and why."""

    file: str
    reason: str
    refreshable: bool


@dataclass(frozen=True)
class Gap:
    """A table of one run with missing rows, and the statement that refreshes its folder.

    `unexplained` says what is wrong if no file in S3 is at fault; otherwise it is empty.
    """

    table: str
    snapshot_date: date
    run_id: str
    rows_expected: int
    rows_loaded: int
    refresh: str
    faults: tuple[Fault, ...]
    unexplained: str


def missing_manifests(ask: Ask, database: str, now: datetime) -> list[Fault]:
    """List the manifests in S3 that are not loaded, except those of superseded runs."""
    loaded = _held(ask, database, "load_manifest", "TRUE")
    faults = _faults(ask, database, "load_manifest", "", loaded, now)[1]
    rows = ask(f"SELECT SNAPSHOT_DATE, RUN_ID FROM {database}.LANDING.CURRENT_RUNS")  # noqa: S608 - a name that environments.py has checked
    seen = {f"dt={row['snapshot_date']}": row["run_id"] for row in rows}
    return [fault for fault in faults if not _is_replaced(fault.file, seen)]


def _is_replaced(file: str, seen: Mapping[str, str]) -> bool:
    day, run, _ = file.split("/")
    return run.removeprefix("run=") < seen.get(day, "")


def gaps(ask: Ask, database: str, now: datetime) -> list[Gap]:
    """List the tables of incomplete runs that no complete run supersedes, newest day first."""
    rows = ask(
        "SELECT SNAPSHOT_DATE, RUN_ID, TABLE_NAME, ROWS_EXPECTED, ROWS_LOADED, REFRESH_STATEMENT"  # noqa: S608 - names that environments.py and LOAD_GAPS have checked
        f" FROM {database}.OPS.LOAD_GAPS ORDER BY SNAPSHOT_DATE DESC, RUN_ID, TABLE_NAME"
    )
    return [_gap(ask, database, row, now) for row in rows]


def listed_files(ask: Ask, database: str, folder: str) -> dict[str, datetime]:
    """Map the complete files of a stage folder, named below the table's, to their arrival times."""
    table = folder.partition("/")[0]
    rows = ask(f"LIST @{database}.LANDING.CURATED/{folder}")
    return {
        file: parsedate_to_datetime(row["last_modified"])
        for row in rows
        if (file := _below(table, row["name"]))
    }


def _gap(ask: Ask, database: str, row: Row, now: datetime) -> Gap:
    table, day, run_id = row["table_name"], row["snapshot_date"], row["run_id"]
    held = _held(ask, database, table, f"SNAPSHOT_DATE = '{day}' AND RUN_ID = '{run_id}'")
    listed, faults = _faults(ask, database, table, f"dt={day}/run={run_id}/", held, now)
    expected, loaded = row["rows_expected"], row["rows_loaded"]
    unexplained = ""
    if loaded > expected:
        unexplained = "more rows than promised: two jobs wrote one run; run the day again"
    elif not listed:
        unexplained = "S3 has no file of it: was it removed, or is the stage on another bucket?"
    elif not faults:
        unexplained = "every file in S3 is loaded: files were removed; run the day again"
    return Gap(
        table, day, run_id, expected, loaded, row["refresh_statement"], tuple(faults), unexplained
    )


def _faults(
    ask: Ask, database: str, table: str, folder: str, held: set[str], now: datetime
) -> tuple[int, list[Fault]]:
    """Count the files in a folder of a table, and explain each file that is not loaded."""
    listed = listed_files(ask, database, f"{table}/{folder}")
    missing = sorted(listed.keys() - held)
    history = _history(ask, database, table) if missing else {}
    found = [_fault(file, history.get(file, {}), now - listed[file]) for file in missing]
    return len(listed), [fault for fault in found if fault]


def _fault(file: str, load: Row, age: timedelta) -> Fault | None:
    if load.get("status") == "Loaded":
        gone = Fault(file, "was loaded, but its rows are missing from the table", False)
        return gone if load["row_count"] else None
    recent = age < REFRESHABLE
    error = load.get("first_error_message")
    reason = f"failed: {error}" if error else NEVER
    return Fault(file, reason if recent else f"{reason}; too old for a refresh", recent)


def _held(ask: Ask, database: str, table: str, where: str) -> set[str]:
    rows = ask(
        f"SELECT DISTINCT SRC_FILE FROM {database}.LANDING.{table.upper()} WHERE {where}"  # noqa: S608 - names that environments.py and LOAD_GAPS have checked
    )
    return {file for row in rows if (file := _below(table, row["src_file"]))}


def _history(ask: Ask, database: str, table: str) -> dict[str, Row]:
    """Return the latest load result of each file that the pipe processed."""
    rows = ask(
        "SELECT FILE_NAME, STATUS, ROW_COUNT, FIRST_ERROR_MESSAGE FROM"  # noqa: S608 - names that environments.py and LOAD_GAPS have checked
        f" TABLE({database}.INFORMATION_SCHEMA.COPY_HISTORY("
        f"TABLE_NAME => '{database}.LANDING.{table.upper()}',"
        " START_TIME => DATEADD('day', -13, CURRENT_TIMESTAMP()))) ORDER BY LAST_LOAD_TIME"
    )
    return {file: row for row in rows if (file := _below(table, row["file_name"]))}


def _below(table: str, name: str) -> str | None:
    """Return a file's path below its table's folder; None if it is not a complete file.

    S3 puts the bucket before it, SRC_FILE the key, and the history may omit the table.
    """
    found = re.fullmatch(rf"(?:(?:.*/)?{table}/)?{FINISHED}", name)
    return found[1] if found else None
