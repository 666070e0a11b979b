"""Lists rows of superseded runs in the landing tables: `chartlake snowflake prune ENV`.

With --delete it deletes them. Every run is loaded, and readers see the newest complete one of each
date. An hourly schedule leaves 24 runs a day, and every view reads all of them.
"""

import sys
from datetime import UTC, datetime, timedelta

from chartlake.contract.counts import counted
from chartlake.contract.sql import Ask
from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from chartlake.snowflake.account import session
from chartlake.snowflake.environments import read_environment

KEPT = timedelta(days=8)
"""How long a superseded run is kept: a refresh reaches seven days back, and would reload it."""

LAST = LOAD_MANIFEST.name
NAMES = [table.name for table in TABLES if table.name != LAST] + [LAST]


def prune_environment(environment: str, delete: bool) -> None:
    """Prune an environment's database; see `prune`. Raises UserError."""
    variables = read_environment(environment)
    with session(variables, "SYSADMIN") as account:
        prune(account.query, variables["database"], datetime.now(UTC), delete)


def prune(ask: Ask, database: str, now: datetime, delete: bool) -> None:
    """Print how many rows of superseded runs each table holds; with `delete`, delete them.

    A run is superseded by a newer complete one of its date, once that was published KEPT ago.
    Manifests are deleted last: until then, a partly deleted run is known, and nobody waits for it.
    """
    found = 0
    for name in NAMES:
        table = f"{database}.LANDING.{name.upper()}"
        chosen = f"(SNAPSHOT_DATE, RUN_ID) IN ({_replaced(database, table, now)})"
        # No row if there is nothing to delete.
        for row in ask(f"SELECT COUNT(*) AS HELD FROM {table} WHERE {chosen} HAVING COUNT(*) > 0"):  # noqa: S608 - names that environments.py has checked
            found += row["held"]
            _say(f"{row['held']:>14,}  {name}")
            if delete:
                ask(f"DELETE FROM {table} WHERE {chosen}")  # noqa: S608 - the same
    _say(conclusion(found, delete))


def _replaced(database: str, table: str, now: datetime) -> str:
    return (
        f"SELECT OLDER.SNAPSHOT_DATE, OLDER.RUN_ID FROM {table} AS OLDER"  # noqa: S608 - the same
        f" INNER JOIN {database}.LANDING.CURRENT_RUNS AS SEEN"
        " ON OLDER.SNAPSHOT_DATE = SEEN.SNAPSHOT_DATE WHERE OLDER.RUN_ID < SEEN.RUN_ID"
        f" AND SEEN.PUBLISHED_AT < '{(now - KEPT).isoformat()}'::TIMESTAMP_LTZ"
    )


def conclusion(found: int, delete: bool) -> str:
    """Summarise how many rows of superseded runs there are, and whether they were deleted."""
    if not found:
        return f"No run was superseded more than {counted(KEPT.days, 'day')} ago."
    rows = counted(found, "row")
    if not delete:
        return f"{rows} of superseded runs can be deleted: run it with --delete."
    return f"Deleted {rows} of superseded runs; readers see no change."


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
