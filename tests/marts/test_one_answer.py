"""A question has the same answer in Snowflake, in Athena, and calculated by hand.

The lake has two more runs of 7 November than a reader sees: one that was superseded, and one that
stopped before its manifest.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chartlake.athena.stand_in import AthenaLake, open_lake
from chartlake.athena.statements import queries
from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from chartlake.warehouse import Warehouse, open_warehouse
from chartlake.warehouse.deploy import SQL_FOLDER
from tests.support.chart_lake import Tables, nov, rows_of, run_id, tables_of, write_lake
from tests.support.lake_files import write_manifest, write_part, write_run
from tests.support.worksheet_answers import ANSWERS

DAY = nov(7)
REPLACED, SEEN, BROKEN = "20261107T030000Z", run_id(7), "20261107T090000Z"
QUESTIONS = {question.name: question.sql for question in queries()}
NOT_WRITTEN = ("artist_trends", "chart_summary")
"""Tables that the run that broke off never reached."""
each_question = pytest.mark.parametrize("name", QUESTIONS)

NOT_IN_ATHENA = {"loaded_at"}
"""Columns that Athena has nothing to put into: always null there."""

SAME_TYPES = {
    "NUMBER": {"int", "bigint"},
    "TEXT": {"varchar"},
    "FLOAT": {"double"},
    "BOOLEAN": {"boolean"},
    "DATE": {"date"},
    "TIMESTAMP_TZ": {"timestamp(3)"},
    "VARIANT": {"array(varchar)"},
}
"""Snowflake's type, as the embedded warehouse tells it, -> what Athena calls the same."""

Row = dict[str, Any]


def without_comet() -> Tables:
    """7 November as no reader sees it: a song is missing, and the others have no title."""
    tables = tables_of(7)
    for name in ("chart_entries", "song_trends", "tracks", "track_artists"):
        tables[name] = [row for row in tables[name] if row["track_id"] != "c"]
    tables["tracks"] = [row | {"name": "Unknown"} for row in tables["tracks"]]
    return tables


def write_runs(lake: Path) -> None:
    """Write the fixed lake, with a run before and a run after the one of 7 November."""
    write_lake(lake)
    write_run(lake, DAY, REPLACED, without_comet())
    for name, rows in without_comet().items():
        if name not in NOT_WRITTEN:
            write_part(lake, name, DAY, BROKEN, rows)


def write_trouble(lake: Path) -> None:
    """Write the same with every other problem of a day, and with two charts of one market."""
    write_runs(lake)
    kept = tables_of(5)
    kept["quality_results"] = [
        row | {"passed": row["chart_id"] != "ph", "rule": rule}
        for row in kept["quality_results"]
        for rule in ("ranks_unique", "entries_at_least")
    ]
    write_run(lake, nov(5), "20261105T090000Z", kept)
    write_run(lake, nov(2), "20261102T090000Z", {})
    write_part(lake, "tracks", nov(1), "20261101T030000Z", tables_of(1)["tracks"])
    write_run(lake, nov(6), "20261106T090000Z", with_a_second_us_chart())
    unread = {"position": 0, "reason": "It is not JSON."}
    files = [unread | {"chart_id": chart, "source_file": f"{chart}.json"} for chart in ("ph", None)]
    write_run(lake, nov(9), run_id(9), {"quarantine": files})


def with_a_second_us_chart() -> Tables:
    """6 November with the US chart once more, upside down, and without streams."""
    tables = tables_of(6)
    for name in ("chart_snapshots", "chart_entries", "song_trends", "chart_summary"):
        more = [row | {"chart_id": "us_more"} for row in tables[name] if row["chart_id"] == "us"]
        for row in more:
            row |= {"rank": 4 - row["rank"], "streams": None} if "rank" in row else {}
        tables[name] = [*tables[name], *more]
    return tables


class Engines:
    """Both engines on one lake."""

    def __init__(self, warehouse: Warehouse, athena: AthenaLake) -> None:
        self.warehouse = warehouse
        self.athena = athena

    def in_snowflake(self, sql: str, params: Any = None) -> list[Row]:
        return self.warehouse.query(sql, params)

    def in_athena(self, sql: str) -> list[Row]:
        return [
            {name: _in_utc(value) for name, value in row.items()} for row in self.athena.query(sql)
        ]

    def types_in_snowflake(self, schema: str) -> dict[str, dict[str, str]]:
        """Every view of a schema with its columns in order, each with its type."""
        found: dict[str, dict[str, str]] = {}
        for row in self.in_snowflake(
            "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM CHARTLAKE.INFORMATION_SCHEMA.COLUMNS"
            " WHERE TABLE_SCHEMA = %s ORDER BY TABLE_NAME, ORDINAL_POSITION",
            [schema],
        ):
            columns = found.setdefault(row["table_name"].lower(), {})
            columns[row["column_name"].lower()] = row["data_type"]
        return found


def _in_utc(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    root = tmp_path_factory.mktemp("one_answer")
    write_runs(root / "lake")
    mounts = {"s3://chartlake-curated/": root / "lake"}
    with open_warehouse(root, mounts) as warehouse, open_lake(root / "lake") as athena:
        warehouse.deploy()
        warehouse.load()
        warehouse.query("USE SCHEMA MARTS")
        yield Engines(warehouse, athena)


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    root = tmp_path_factory.mktemp("trouble")
    write_trouble(root / "lake")
    mounts = {"s3://chartlake-curated/": root / "lake"}
    with open_warehouse(root, mounts) as warehouse, open_lake(root / "lake") as athena:
        warehouse.deploy()
        warehouse.load()
        yield Engines(warehouse, athena)


@each_question
def test_a_question_has_one_answer(engines: Engines, name: str) -> None:
    worksheet = (SQL_FOLDER / "worksheets" / f"{name}.sql").read_text(encoding="utf-8")
    snowflake = engines.in_snowflake(worksheet)
    athena = engines.in_athena(QUESTIONS[name])
    assert [tuple(row.values()) for row in athena] == ANSWERS[name]
    assert [tuple(row.values()) for row in snowflake] == ANSWERS[name]
    assert [list(row) for row in athena] == [list(row) for row in snowflake]


def test_every_worksheet_question_is_also_asked_of_athena() -> None:
    assert QUESTIONS.keys() == ANSWERS.keys()
    worksheets = (SQL_FOLDER / "worksheets").glob("*.sql")
    said = {path.stem: path.read_text("utf-8").partition("\n")[0][3:] for path in worksheets}
    assert {question.name: question.sentence for question in queries()} == said


@pytest.mark.parametrize("lake", ["engines", "troubled"])
def test_every_view_has_the_same_rows_and_columns(
    lake: str, request: pytest.FixtureRequest
) -> None:
    engines: Engines = request.getfixturevalue(lake)
    compared = 0
    for schema in ("CORE", "MARTS"):
        for view, types in engines.types_in_snowflake(schema).items():
            assert list(engines.athena.columns(view)) == list(types), view
            shown = [name for name in types if name not in NOT_IN_ATHENA]
            ask = f"SELECT {', '.join(shown)} FROM "  # noqa: S608 - our names
            snowflake = engines.in_snowflake(f"{ask} CHARTLAKE.{schema}.{view}")
            athena = engines.in_athena(f"{ask} chartlake.{view}")
            assert sorted(map(_cells, athena)) == sorted(map(_cells, snowflake)), view
            compared += len(athena)
    assert compared > 400


def _cells(row: Row) -> str:
    return repr(tuple(row.values()))


def test_every_column_has_the_same_type(engines: Engines) -> None:
    for schema in ("CORE", "MARTS"):
        for view, types in engines.types_in_snowflake(schema).items():
            there = engines.athena.columns(view)
            other = {c: (t, there[c]) for c, t in types.items() if there[c] not in SAME_TYPES[t]}
            assert other == {}, view


def test_the_contracts_types_are_athenas(engines: Engines) -> None:
    names = {"string": "varchar", "timestamp": "timestamp(3)", "array<string>": "array(varchar)"}
    for table in TABLES:
        if table is not LOAD_MANIFEST:
            columns = {c.name: names.get(c.type, c.type) for c in table.columns}
            del columns["run_id"]
            assert engines.athena.columns(table.name) == columns, table.name


def test_athena_has_no_load_time(engines: Engines) -> None:
    rows = engines.in_athena("SELECT DISTINCT loaded_at FROM chartlake.run_ledger")
    assert rows == [{"loaded_at": None}]


def test_superseded_and_unfinished_runs_are_only_in_the_ledger(engines: Engines) -> None:
    asked = "SELECT run_id, chart_id, status, rows_loaded, rows_expected FROM {}run_ledger"
    on_the_day = " WHERE snapshot_date = DATE '2026-11-07' ORDER BY run_id"
    tables = without_comet()
    without = sum(map(len, tables.values()))
    left_out = sum(len(tables[name]) for name in NOT_WRITTEN)
    expected = [
        (REPLACED, "ph", "replaced", without, without),
        (SEEN, "ph", "visible", rows_of(7), rows_of(7)),
        (BROKEN, "ph", "unpublished", without - left_out, None),
    ]
    for rows in (
        engines.in_athena(asked.format("chartlake.") + on_the_day),
        engines.in_snowflake(asked.format("") + on_the_day),
    ):
        assert [tuple(row.values()) for row in rows] == expected


def test_the_ledger_reports_problems_in_both_engines(troubled: Engines) -> None:
    asked = (
        "SELECT run_id, chart_id, gate, failed_rules, quarantined, status FROM {}run_ledger"
        " WHERE run_id IN ('20261101T030000Z', '20261102T090000Z', '20261105T090000Z',"
        " '20261109T061500Z') ORDER BY run_id, chart_id"
    )
    expected = [
        ("20261101T030000Z", None, None, None, None, "replaced"),
        ("20261102T090000Z", None, None, None, None, "visible"),
        ("20261105T090000Z", "ph", "kept", "entries_at_least, ranks_unique", 0, "visible"),
        ("20261105T090000Z", "us", "passed", None, 0, "visible"),
        ("20261109T061500Z", "ph", "held back", None, 1, "visible"),
    ]
    for rows in (
        troubled.in_athena(asked.format("chartlake.")),
        troubled.in_snowflake(asked.format("CHARTLAKE.MARTS.")),
    ):
        assert [tuple(row.values()) for row in rows] == expected


def test_athena_shows_a_run_by_its_manifest_and_snowflake_once_loaded(
    tmp_path: Path,
) -> None:
    """Athena shows a run once its manifest exists, and Snowflake once all of it is loaded."""
    mounts = {"s3://chartlake-curated/": tmp_path / "lake"}
    write_lake(tmp_path / "lake")
    ask = "SELECT COUNT(*) AS tracks FROM {} WHERE snapshot_date = DATE '2026-11-07'"

    def seen(warehouse: Warehouse) -> tuple[int, int]:
        with open_lake(tmp_path / "lake") as athena:
            (there,) = athena.query(ask.format("chartlake.tracks"))
        (here,) = warehouse.query(ask.format("CHARTLAKE.CORE.TRACKS"))
        return there["tracks"], here["tracks"]

    with open_warehouse(tmp_path, mounts) as warehouse:
        warehouse.deploy()
        warehouse.load()
        tables = without_comet()
        names = [table.name for table in TABLES if tables.get(table.name)]
        for name in names:
            write_part(tmp_path / "lake", name, DAY, BROKEN, tables[name])
        assert seen(warehouse) == (3, 3)
        write_manifest(tmp_path / "lake", DAY, BROKEN, {n: len(tables[n]) for n in tables})
        assert seen(warehouse) == (2, 3)
        warehouse.query("ALTER PIPE CHARTLAKE.LANDING.LOAD_MANIFEST_PIPE REFRESH")
        assert seen(warehouse) == (2, 3)
        warehouse.load()
        assert seen(warehouse) == (2, 2)
