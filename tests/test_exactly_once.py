"""A reader sees each date once, whole and of one run, in every view, however its files arrive."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chartlake.tables import TABLES
from local.warehouse import Warehouse, open_warehouse
from local.warehouse.deploy import statements
from tests.chart_lake import Tables, captured_at, nov, run_id, tables_of, write_lake
from tests.lake_files import write_manifest, write_part, write_run
from tests.worksheet_answers import PUBLISHED_AT

DAY = nov(7)
OLDER, FIRST, AGAIN = "20261107T030000Z", run_id(7), "20261107T090000Z"
PIPES = [s for s in statements() if s.startswith("CREATE PIPE IF NOT EXISTS")]
Seen = dict[str, list[str]]


class Reader:
    """A warehouse on a lake of its own, and all that a reader sees of it."""

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
        """Create every pipe anew as it stands, so that it forgets what it has loaded."""
        for pipe in PIPES:
            self.warehouse.query(pipe.replace("PIPE IF NOT EXISTS", "OR REPLACE PIPE", 1))

    def load(self) -> int:
        return sum(self.warehouse.load().values())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.warehouse.query(sql)]

    def sees(self) -> Seen:
        """Load, and show every row of every view as text, but for the ledger: it tells of runs."""
        self.load()
        found: Seen = {}
        for schema in ("CORE", "MARTS"):
            views = self.warehouse.query(f"SHOW VIEWS IN SCHEMA CHARTLAKE.{schema}")
            for name in [view["name"] for view in views if view["name"] != "RUN_LEDGER"]:
                rows = self.rows(f"SELECT * FROM CHARTLAKE.{schema}.{name}")  # noqa: S608 (ours)
                found[f"{schema}.{name}"] = sorted(map(repr, rows))
        return found

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


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("exactly_once")
    mounts = {"s3://chartlake-curated/": root / "lake"}
    with open_warehouse(root / "warehouse", mounts) as warehouse:
        warehouse.deploy()
        yield Reader(warehouse, root / "lake")


@pytest.fixture(scope="module")
def first_run(deployed: Reader) -> Seen:
    """What is seen where nothing ran again."""
    deployed.start_anew()
    return deployed.sees()


@pytest.fixture(scope="module")
def second_run(deployed: Reader) -> Seen:
    """What is seen where the corrected day is the only one that ever was."""
    deployed.start_anew()
    replace_day(deployed.lake, corrected())
    return deployed.sees()


@pytest.fixture
def reader(deployed: Reader, first_run: Seen, second_run: Seen) -> Reader:
    deployed.start_anew()
    return deployed


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


def test_the_same_files_again_are_not_loaded_again(reader: Reader, first_run: Seen) -> None:
    assert reader.sees() == first_run
    reader.warehouse.deploy()
    assert reader.load() == 0
    assert reader.sees() == first_run


def test_pipes_that_are_made_anew_load_everything_again_and_nothing_doubles(
    reader: Reader, first_run: Seen
) -> None:
    loaded = reader.load()
    ask = "SELECT * FROM CHARTLAKE.MARTS.RUN_LEDGER ORDER BY RUN_ID, CHART_ID"
    ledger = reader.rows(ask)
    reader.replace_pipes()
    assert reader.load() == loaded > 300
    assert reader.sees() == first_run
    assert reader.missing() == []
    assert reader.rows(ask) == ledger
    assert reader.ledger() == [(FIRST, "ph", "passed", 22, 22, "visible")]


def test_a_run_that_removes_rows_removes_them_from_every_view(
    reader: Reader, second_run: Seen
) -> None:
    reader.load()
    write_run(reader.lake, DAY, AGAIN, corrected())
    assert reader.sees() == second_run
    chart = "CHART_ID = 'ph' AND SNAPSHOT_DATE = '2026-11-07' ORDER BY TITLE"
    assert reader.rows(f"SELECT TITLE FROM CHARTLAKE.MARTS.SONG_MOVES WHERE {chart}") == [
        ("Amihan",),
        ("Dawn",),
    ]
    assert reader.rows(f"SELECT TITLE FROM CHARTLAKE.MARTS.SONG_EXITS WHERE {chart}") == [
        ("Bagyo (feat. Ben)",),
        ("Comet",),
    ]


def test_half_a_run_leaves_the_old_day_and_says_which_tables_are_missing(
    reader: Reader, first_run: Seen, second_run: Seen
) -> None:
    reader.load()
    tables = corrected()
    half = ["song_trends", "chart_entries", "tracks", "load_manifest", "chart_summary"]
    assert list(write_in_turn(reader.lake, AGAIN, tables, half)) == half
    assert reader.sees() == first_run
    assert reader.missing() == [
        (DAY, AGAIN, "artist_trends", 2, 0, PUBLISHED_AT, True),
        (DAY, AGAIN, "artists", 2, 0, PUBLISHED_AT, True),
        (DAY, AGAIN, "chart_exits", 2, 0, PUBLISHED_AT, True),
        (DAY, AGAIN, "chart_snapshots", 1, 0, PUBLISHED_AT, True),
        (DAY, AGAIN, "quality_results", 1, 0, PUBLISHED_AT, True),
        (DAY, AGAIN, "track_artists", 2, 0, PUBLISHED_AT, True),
    ]
    assert reader.ledger() == [
        (FIRST, "ph", "passed", 22, 22, "visible"),
        (AGAIN, None, None, 7, 17, "loading"),
    ]
    list(write_in_turn(reader.lake, AGAIN, tables, sorted(tables.keys() - set(half))))
    assert reader.sees() == second_run
    assert reader.missing() == []
    assert [row[-1] for row in reader.ledger()] == ["replaced", "visible"]


@pytest.mark.parametrize("order", ["manifest first", "manifest last", 1, 2])
def test_in_whatever_order_files_arrive_the_day_changes_once_and_whole(
    reader: Reader, first_run: Seen, second_run: Seen, order: str | int
) -> None:
    reader.load()
    tables = {name: rows for name, rows in corrected().items() if rows}
    names = [*tables, "load_manifest"]
    if order == "manifest first":
        names.reverse()
    elif isinstance(order, int):
        random.Random(order).shuffle(names)  # noqa: S311 - an order, no secret
    seen = []
    for name in write_in_turn(reader.lake, AGAIN, tables, names):
        reader.warehouse.query(f"ALTER PIPE CHARTLAKE.LANDING.{name}_PIPE REFRESH")
        seen += reader.rows(
            "SELECT COUNT(*) FROM CHARTLAKE.MARTS.SONG_MOVES WHERE SNAPSHOT_DATE = '2026-11-07'"
        )
        if len(seen) == len(names) // 2:
            assert reader.sees() == first_run
    assert seen == [(3,)] * (len(names) - 1) + [(2,)]
    assert reader.sees() == second_run


def test_a_run_without_a_manifest_is_not_seen_and_the_ledger_tells_of_it(
    reader: Reader, first_run: Seen
) -> None:
    tables = {name: rows for name, rows in corrected().items() if rows}
    list(write_in_turn(reader.lake, AGAIN, tables, list(tables)))
    assert reader.sees() == first_run
    assert reader.missing() == []
    assert reader.ledger()[-1] == (AGAIN, "ph", "passed", 17, None, "unpublished")


def test_a_day_that_a_run_empties_is_gone_from_every_view(reader: Reader, first_run: Seen) -> None:
    reader.load()
    write_run(reader.lake, DAY, AGAIN, {})
    seen = reader.sees()
    assert {view for view, rows in first_run.items() if any(repr(DAY) in row for row in rows)} > {
        "CORE.TRACKS",
        "CORE.QUALITY_RESULTS",
        "MARTS.SONG_LIFE_LINE",
        "MARTS.SONG_MARKETS",
    }
    assert [view for view, rows in seen.items() if any(repr(DAY) in row for row in rows)] == []
    assert reader.rows(
        "SELECT TITLE, RANK FROM CHARTLAKE.MARTS.SONG_MOVES WHERE CHART_ID = 'ph' AND IS_LATEST"
        " ORDER BY RANK"
    ) == [("Dawn", 1), ("Comet", 2), ("Bagyo (feat. Ben)", 3)]
    assert reader.ledger()[-1] == (AGAIN, None, None, 0, 0, "visible")


@pytest.mark.parametrize("is_whole", [True, False])
def test_an_older_run_that_arrives_late_changes_nothing(
    reader: Reader, first_run: Seen, is_whole: bool
) -> None:
    reader.load()
    tables = corrected()
    write_run(reader.lake, DAY, OLDER, tables)
    if not is_whole:
        shutil.rmtree(reader.lake / "curated/tracks/dt=2026-11-07" / f"run={OLDER}")
    assert reader.sees() == first_run
    awaited = [(DAY, OLDER, "tracks", 2, 0, PUBLISHED_AT, False)]
    assert reader.missing() == ([] if is_whole else awaited)
    assert [row[-1] for row in reader.ledger()] == ["replaced", "visible"]


def test_more_rows_than_were_promised_keep_a_run_back_too(reader: Reader, first_run: Seen) -> None:
    write_run(reader.lake, DAY, AGAIN, corrected())
    write_part(reader.lake, "albums", DAY, AGAIN, [{"album_id": "stray"}])
    assert reader.sees() == first_run
    assert reader.missing() == [(DAY, AGAIN, "albums", 0, 1, PUBLISHED_AT, True)]


def test_of_two_charts_one_is_held_back_and_stays_as_it_was(reader: Reader) -> None:
    """5 November runs again: the US chart is captured later, that of PH fails and is kept."""
    tables = tables_of(5)
    us, ph = tables["chart_snapshots"][1], tables["quality_results"][0]
    assert (us["chart_id"], ph["chart_id"]) == ("us", "ph")
    us["captured_at"] = captured_at(6)
    ph |= {"passed": False, "observed": 1.0}
    tables["quarantine"] = [
        {
            "chart_id": "ph",
            "position": 0,
            "source_file": f"raw/{number}.json",
            "reason": "Too short.",
        }
        for number in (1, 2)
    ]
    write_run(reader.lake, nov(5), "20261105T090000Z", tables)
    reader.load()
    shown = reader.rows(
        "SELECT CHART_ID, CAPTURED_AT FROM CHARTLAKE.CORE.EDITIONS"
        " WHERE SNAPSHOT_DATE = '2026-11-05' ORDER BY CHART_ID"
    )
    assert shown == [("ph", captured_at(5)), ("us", captured_at(6))]
    assert reader.rows(
        "SELECT CHART_ID, GATE, FAILED_RULES, QUARANTINED, STATUS FROM CHARTLAKE.MARTS.RUN_LEDGER"
        " WHERE RUN_ID = '20261105T090000Z' ORDER BY CHART_ID"
    ) == [
        ("ph", "kept", "entries_at_least", 2, "visible"),
        ("us", "passed", None, 0, "visible"),
    ]


def test_a_chart_that_is_held_back_on_its_first_try_keeps_no_other_back(reader: Reader) -> None:
    reader.load()
    assert reader.rows(
        "SELECT CHART_ID, CAPTURED_ON FROM CHARTLAKE.MARTS.CHART_FRESHNESS ORDER BY CHART_ID"
    ) == [("ph", nov(7)), ("us", nov(6)), ("world", nov(8))]
    assert reader.rows(
        "SELECT CHART_ID, GATE, STATUS FROM CHARTLAKE.MARTS.RUN_LEDGER"
        " WHERE SNAPSHOT_DATE = '2026-11-08' ORDER BY CHART_ID"
    ) == [("ph", "held back", "visible"), ("world", "passed", "visible")]


def test_the_ledger_tells_of_a_chart_whose_only_file_was_not_to_be_read(reader: Reader) -> None:
    unread = {"position": 0, "reason": "It is not JSON."}
    files = [unread | {"chart_id": chart, "source_file": f"{chart}.json"} for chart in ("ph", None)]
    write_run(reader.lake, nov(9), run_id(9), {"quarantine": files})
    reader.load()
    assert reader.rows(
        "SELECT CHART_ID, CHART_NAME, GATE, FAILED_RULES, QUARANTINED, ROWS_LOADED, STATUS"
        " FROM CHARTLAKE.MARTS.RUN_LEDGER WHERE IS_LATEST"
    ) == [("ph", "Top PH", "held back", None, 1, 2, "visible")]
