"""Reads facts from the warehouse, with two queries to Snowflake or its stand-in."""

from collections import defaultdict
from datetime import date

from chartlake.contract.sql import Ask
from chartlake.status.facts import TableLoad, Warehouse

RUN_TABLES = """
SELECT SNAPSHOT_DATE, RUN_ID, TABLE_NAME, ROWS_EXPECTED, ROWS_LOADED
FROM {database}.LANDING.RUN_TABLES
WHERE SNAPSHOT_DATE BETWEEN '{first}' AND '{last}'
ORDER BY TABLE_NAME
"""
VISIBLE = """
SELECT SNAPSHOTS.SNAPSHOT_DATE, SNAPSHOTS.CHART_ID, RUNS.RUN_ID
FROM {database}.CORE.CHART_SNAPSHOTS AS SNAPSHOTS
INNER JOIN {database}.LANDING.CURRENT_RUNS AS RUNS
    ON SNAPSHOTS.SNAPSHOT_DATE = RUNS.SNAPSHOT_DATE
WHERE SNAPSHOTS.SNAPSHOT_DATE BETWEEN '{first}' AND '{last}'
"""


def read_warehouse(ask: Ask, database: str, first: date, last: date) -> Warehouse:
    """Read what has arrived for some days and what readers see; raises what `ask` raises."""
    given = {"database": database, "first": first, "last": last}
    short: dict[tuple[date, str], list[TableLoad]] = defaultdict(list)
    for row in ask(RUN_TABLES.format(**given).strip()):
        tables = short[row["snapshot_date"], row["run_id"]]
        load = TableLoad(row["table_name"], row["rows_loaded"], row["rows_expected"])
        if load.loaded != load.expected:
            tables.append(load)
    rows = ask(VISIBLE.format(**given).strip())
    return Warehouse(
        {run: tuple(tables) for run, tables in short.items()},
        {(row["snapshot_date"], row["chart_id"]): row["run_id"] for row in rows},
    )
