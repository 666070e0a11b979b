"""A warehouse on a small lake, what a reader sees, and a second run of one of its days."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chartlake.contract.tables import TABLES
from chartlake.warehouse import Warehouse
from chartlake.warehouse.deploy import statements
from tests.support.chart_lake import Tables, nov, run_id, tables_of, write_lake
from tests.support.lake_files import write_manifest, write_part, write_run

DAY = nov(7)
FIRST, AGAIN = run_id(7), "20261107T090000Z"
PIPES = [s for s in statements() if s.startswith("CREATE PIPE IF NOT EXISTS")]
Seen = dict[str, list[str]]


class Reader:
    """A warehouse on its own lake, and all that a reader sees."""

    def __init__(self, warehouse: Warehouse, lake: Path) -> None:
        self.warehouse = warehouse
        self.lake = lake

    def start_anew(self) -> None:
        """Empty the lake and the landing tables, and write the fixed lake."""
        for table in TABLES:
            self.warehouse.query(f"DELETE FROM CHARTLAKE.LANDING.{table.name}")  # noqa: S608 (ours)
        self.replace_pipes()
        shutil.rmtree(self.lake, ignore_errors=True)
        write_lake(self.lake)

    def replace_pipes(self) -> None:
        """Recreate every pipe, so that it loses its load history."""
        for pipe in PIPES:
            self.warehouse.query(pipe.replace("PIPE IF NOT EXISTS", "OR REPLACE PIPE", 1))

    def load(self) -> int:
        return sum(self.warehouse.load().values())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.warehouse.query(sql)]

    def sees(self) -> Seen:
        """Load, and return every row of every view."""
        self.load()
        return every_row(self.warehouse)

    def missing(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "SELECT SNAPSHOT_DATE, RUN_ID, TABLE_NAME, ROWS_EXPECTED, ROWS_LOADED, PUBLISHED_AT,"
            " IS_AWAITED FROM CHARTLAKE.LANDING.INCOMPLETE_RUNS ORDER BY RUN_ID, TABLE_NAME"
        )

    def ledger(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "SELECT RUN_ID, CHART_ID, GATE, ROWS_LOADED, ROWS_EXPECTED, STATUS"
            " FROM CHARTLAKE.MARTS.RUN_LEDGER WHERE SNAPSHOT_DATE = '2026-11-07'"
            " ORDER BY RUN_ID, CHART_ID"
        )


def every_row(warehouse: Warehouse) -> Seen:
    """Return every row of every view as sorted text, except the ledger, which lists runs."""
    found: Seen = {}
    for schema in ("CORE", "MARTS"):
        for view in warehouse.query(f"SHOW VIEWS IN SCHEMA CHARTLAKE.{schema}"):
            name = f"{schema}.{view['name']}"
            if name != "MARTS.RUN_LEDGER":
                rows = warehouse.query(f"SELECT * FROM CHARTLAKE.{name}")  # noqa: S608 (ours)
                found[name] = sorted(map(repr, rows))
    return found


def corrected() -> Tables:
    """7 November once more, and a song, Comet, is gone."""
    tables = tables_of(7)
    for name in ("chart_entries", "song_trends", "tracks", "track_artists"):
        tables[name] = [row for row in tables[name] if row["track_id"] != "c"]
    for name in ("artists", "artist_trends"):
        tables[name] = [row for row in tables[name] if row["artist_id"] != "Cleo"]
    tables["chart_exits"] += [
        tables["chart_exits"][0]
        | {"song_id": "c", "track_id": "c", "last_rank": 2, "peak_rank": 2, "days_on_chart": 3}
    ]
    return tables


def replace_day(lake: Path, tables: Tables) -> None:
    for folder in lake.rglob("dt=2026-11-07"):
        shutil.rmtree(folder)
    write_run(lake, DAY, FIRST, tables)


def write_in_turn(lake: Path, run: str, tables: Tables, order: list[str]) -> Iterator[str]:
    """Write a run of the day a file at a time, in this order of tables; yield what was written."""
    for name in order:
        if name == "load_manifest":
            write_manifest(lake, DAY, run, {table: len(rows) for table, rows in tables.items()})
        else:
            write_part(lake, name, DAY, run, tables[name])
        yield name
