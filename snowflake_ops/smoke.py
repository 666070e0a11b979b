"""Tries `snowflake/` on a real account, in a database that lives for minutes.

    make snowflake-smoke ENV=dev

It deploys all but the account's file as CHARTLAKE_SMOKE_<time>, has the pipes load three days that
lie in the environment's bucket, holds CORE against the manifests, asks every view, and drops the
database, whatever happened. The roles, the warehouse and the integrations are those of the
environment, which must be deployed. The warehouse is billed for the minutes; no test runs it.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from chartlake.tables import TABLES
from snowflake_ops.account import AccountError, Ask, session
from snowflake_ops.environments import EnvironmentFileError, is_example, read_environment
from snowflake_ops.gaps import REFRESHABLE, listed_files
from snowflake_ops.snow_cli import SnowError, run_files
from snowflake_ops.sql_files import database_files

DAYS = 3
PATIENCE = timedelta(minutes=10)
PAUSE_SECONDS = 10.0


class SmokeError(Exception):
    """Something is not as it should be; the message says what."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Smoke-test an environment; return 0 where all is well, 1 where not, 2 on a user's mistake."""
    parser = argparse.ArgumentParser(prog="make snowflake-smoke")
    parser.add_argument("environment", help="a file of snowflake/environments, without .toml")
    name = parser.parse_args(arguments).environment
    try:
        variables = read_environment(name)
        if is_example(variables):
            raise EnvironmentFileError(f"{name}.toml still holds the example account.")
        database = f"CHARTLAKE_SMOKE_{datetime.now(UTC):%Y%m%d_%H%M%S}"
        smoke = variables | {"database": database, "watch": "SUSPEND"}
        with session(variables, f"{variables['prefix']}_OPERATOR") as ask:
            return try_out(ask, database, lambda: run_files(database_files(), smoke))
    except (EnvironmentFileError, AccountError, SnowError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def try_out(
    ask: Ask,
    database: str,
    deploy: Callable[[], object],
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Deploy, load, check and drop; return 0 where all is well, else 1."""
    _say(f"Deploying {database}")
    try:
        deploy()
        folders = newest_days(ask, database, datetime.now(UTC))
        load(ask, database, folders, pause)
        check_core(ask, database)
        check_views(ask, database)
    except SmokeError as error:
        _say(f"Not as it should be: {error}")
        return 1
    finally:
        ask("USE ROLE SYSADMIN")
        ask(f"DROP DATABASE IF EXISTS {database}")
        _say(f"Dropped {database}")
    _say("All is well.")
    return 0


def newest_days(ask: Ask, database: str, now: datetime) -> list[str]:
    """Name the folders, `dt=…/run=…/`, of the newest run of each of the three newest days.

    Raises SmokeError where the bucket holds fewer that a refresh can reach.
    """
    manifests = listed_files(ask, database, "load_manifest/")
    young = sorted(file for file, came in manifests.items() if now - came < REFRESHABLE)
    newest = {file.partition("/")[0]: file.rpartition("/")[0] + "/" for file in young}
    if len(newest) < DAYS:
        raise SmokeError(
            f"{len(newest)} days came into the bucket in the last seven days, {DAYS} are needed:"
            " run build_tables over three days first"
        )
    return [newest[day] for day in sorted(newest)[-DAYS:]]


def load(ask: Ask, database: str, folders: Sequence[str], pause: Callable[[float], None]) -> None:
    """Have every pipe load the folders, and wait until each day has a complete run.

    Raises SmokeError where that takes longer than ten minutes.
    """
    for table in TABLES:
        for folder in folders:
            pipe = f"{database}.LANDING.{table.name.upper()}_PIPE"
            ask(f"ALTER PIPE {pipe} REFRESH PREFIX = '{folder}'")
    for _ in range(int(PATIENCE.total_seconds() / PAUSE_SECONDS)):
        days = ask(f"SELECT SNAPSHOT_DATE FROM {database}.LANDING.CURRENT_RUNS")  # noqa: S608
        if len(days) == len(folders):
            _say(f"{len(days)} days are complete")
            return
        pause(PAUSE_SECONDS)
    raise SmokeError(f"after ten minutes {len(days)} of {len(folders)} days are complete")


def check_core(ask: Ask, database: str) -> None:
    """Hold the rows of CORE against what the manifests promise, table by table.

    Raises SmokeError where they differ.
    """
    promised = {
        row["table_name"]: int(row["row_count"])
        for row in ask(
            "SELECT TABLE_NAME, SUM(ROW_COUNT)::NUMBER(38, 0) AS ROW_COUNT"  # noqa: S608
            f" FROM {database}.LANDING.LOAD_MANIFEST GROUP BY TABLE_NAME"
        )
    }
    for table, expected in sorted(promised.items()):
        count = _count(ask, f"{database}.CORE.{table.upper()}")
        if count != expected:
            raise SmokeError(f"CORE.{table.upper()} has {count} rows, the manifests say {expected}")


def check_views(ask: Ask, database: str) -> None:
    """Ask every view how many rows it has. Raises SmokeError where SONG_MOVES has none."""
    views = ask(
        "SELECT TABLE_SCHEMA AS LEVEL, TABLE_NAME AS NAME"  # noqa: S608
        f" FROM {database}.INFORMATION_SCHEMA.VIEWS"
        " WHERE TABLE_SCHEMA IN ('LANDING', 'CORE', 'MARTS', 'OPS') ORDER BY LEVEL, NAME"
    )
    counts = {}
    for view in views:
        name = f"{view['level']}.{view['name']}"
        counts[name] = _count(ask, f"{database}.{name}")
        _say(f"{counts[name]:>10,}  {name}")
    if not counts.get("MARTS.SONG_MOVES"):
        raise SmokeError("MARTS.SONG_MOVES has no row")


def _count(ask: Ask, name: str) -> int:
    return int(ask(f"SELECT COUNT(*) AS N FROM {name}")[0]["n"])  # noqa: S608


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
