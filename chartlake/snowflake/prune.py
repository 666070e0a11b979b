"""Says what replaced runs hold in the landing tables, and deletes it when told.

    make snowflake-prune ENV=dev OPTIONS=--delete

Every run is loaded, and readers see the newest complete one of each date. By the hour a day has 24,
and every view looks through all of them.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chartlake.contract.counts import counted
from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from chartlake.snowflake.account import AccountError, Ask, session
from chartlake.snowflake.environments import EnvironmentFileError, read_environment

KEPT = timedelta(days=8)
"""How long a replaced run stays. A refresh reaches seven days back, and would load it again."""

LAST = LOAD_MANIFEST.name
NAMES = [table.name for table in TABLES if table.name != LAST] + [LAST]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prune an environment's database; return 0, or 2 on error."""
    parser = argparse.ArgumentParser(prog="make snowflake-prune")
    parser.add_argument("environment", help="a file of snowflake/environments, without .toml")
    parser.add_argument("--delete", action="store_true", help="delete what could go")
    options = parser.parse_args(arguments)
    try:
        variables = read_environment(options.environment)
        with session(variables, "SYSADMIN") as ask:
            prune(ask, variables["database"], datetime.now(UTC), options.delete)
    except (EnvironmentFileError, AccountError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def prune(ask: Ask, database: str, now: datetime, delete: bool) -> None:
    """Print what each table holds of replaced runs; with `delete`, delete it.

    A run is replaced by a newer complete one of its date, once that was published KEPT ago. The
    manifests go last: until then a run that is cut in half is known, and nobody waits for it.
    """
    found = 0
    for name in NAMES:
        table = f"{database}.LANDING.{name.upper()}"
        chosen = f"(SNAPSHOT_DATE, RUN_ID) IN ({_replaced(database, table, now)})"
        # No row where there is none to go.
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
    """Say how many rows of replaced runs there are, and what became of them."""
    if not found:
        return f"No run was replaced more than {counted(KEPT.days, 'day')} ago."
    rows = counted(found, "row")
    if not delete:
        return f"{rows} of replaced runs could go: run it with OPTIONS=--delete."
    return f"Deleted {rows} of replaced runs; readers see what they saw."


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
