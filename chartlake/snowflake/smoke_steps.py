"""The steps of the smoke test, in order; each raises SmokeError if something is wrong."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chartlake.contract.counts import counted
from chartlake.contract.sql import Ask
from chartlake.contract.tables import TABLES
from chartlake.snowflake.gaps import REFRESHABLE, listed_files

DAYS = 3
PATIENCE = timedelta(minutes=10)
PAUSE_SECONDS = 10.0


class SmokeError(Exception):
    """A check failed; the message says what is wrong."""


def newest_days(ask: Ask, database: str, now: datetime) -> list[str]:
    """Return the folders, `dt=…/run=…/`, of the newest run of each of the three newest days.

    Raises SmokeError if a refresh can reach fewer days in the bucket.
    """
    manifests = listed_files(ask, database, "load_manifest/")
    young = sorted(file for file, came in manifests.items() if now - came < REFRESHABLE)
    newest = {file.partition("/")[0]: file.rpartition("/")[0] + "/" for file in young}
    if len(newest) < DAYS:
        raise SmokeError(
            f"{counted(len(newest), 'day')} arrived in the bucket in the last seven days, but"
            f" {DAYS} are needed: run build_tables over three days first"
        )
    return [newest[day] for day in sorted(newest)[-DAYS:]]


def load(ask: Ask, database: str, folders: Sequence[str], pause: Callable[[float], None]) -> None:
    """Have every pipe load the folders, and wait until each day has a complete run.

    Raises SmokeError if that takes longer than ten minutes.
    """
    for table in TABLES:
        for folder in folders:
            pipe = f"{database}.LANDING.{table.name.upper()}_PIPE"
            ask(f"ALTER PIPE {pipe} REFRESH PREFIX = '{folder}'")
    for _ in range(int(PATIENCE.total_seconds() / PAUSE_SECONDS)):
        days = ask(f"SELECT SNAPSHOT_DATE FROM {database}.LANDING.CURRENT_RUNS")  # noqa: S608 - a name of our own making
        if len(days) == len(folders):
            return
        pause(PAUSE_SECONDS)
    whole = f"{len(days)} of {counted(len(folders), 'day')}"
    raise SmokeError(f"after ten minutes, only {whole} had arrived completely")


def check_core(ask: Ask, database: str) -> None:
    """Compare the rows of CORE with what the manifests promise, table by table.

    Raises SmokeError if they differ.
    """
    promised = {
        row["table_name"]: int(row["row_count"])
        for row in ask(
            "SELECT TABLE_NAME, SUM(ROW_COUNT)::NUMBER(38, 0) AS ROW_COUNT"  # noqa: S608 - a name of our own making
            f" FROM {database}.LANDING.LOAD_MANIFEST GROUP BY TABLE_NAME"
        )
    }
    for table, expected in sorted(promised.items()):
        count = _count(ask, f"{database}.CORE.{table.upper()}")
        if count != expected:
            rows = counted(count, "row")
            raise SmokeError(f"CORE.{table.upper()} has {rows}, the manifests promise {expected:,}")


def count_views(ask: Ask, database: str) -> dict[str, int]:
    """Count the rows of every view. Raises SmokeError if CHART_FRESHNESS has none."""
    views = ask(
        "SELECT TABLE_SCHEMA AS LEVEL, TABLE_NAME AS NAME"  # noqa: S608 - a name of our own making
        f" FROM {database}.INFORMATION_SCHEMA.VIEWS"
        " WHERE TABLE_SCHEMA IN ('LANDING', 'CORE', 'MARTS', 'OPS') ORDER BY LEVEL, NAME"
    )
    names = [f"{view['level']}.{view['name']}" for view in views]
    counts = {name: _count(ask, f"{database}.{name}") for name in names}
    if not counts.get("MARTS.CHART_FRESHNESS"):
        raise SmokeError("MARTS.CHART_FRESHNESS has no row")
    return counts


def _count(ask: Ask, name: str) -> int:
    return int(ask(f"SELECT COUNT(*) AS N FROM {name}")[0]["n"])  # noqa: S608 - a name of our own making
