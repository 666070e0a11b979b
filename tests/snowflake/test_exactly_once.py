"""A reader sees each date once, complete and from one run, in every view, however files arrive."""

import random
import shutil
from collections.abc import Iterator

import pytest

from chartlake.warehouse import open_warehouse
from tests.support.chart_lake import captured_at, nov, rows_of, run_id, tables_of
from tests.support.fuzz import CASES
from tests.support.lake_files import write_part, write_run
from tests.support.warehouse_reader import (
    AGAIN,
    DAY,
    FIRST,
    Reader,
    Seen,
    corrected,
    replace_day,
    write_in_turn,
)
from tests.support.worksheet_answers import PUBLISHED_AT

pytestmark = pytest.mark.faults

OLDER = "20261107T030000Z"
ROWS, CORRECTED_ROWS = rows_of(7), sum(map(len, corrected().values()))
DRAWN_ORDERS = range(1, 21 if CASES else 3)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("exactly_once")
    mounts = {"s3://chartlake-curated/": root / "lake"}
    with open_warehouse(root / "warehouse", mounts) as warehouse:
        warehouse.deploy()
        yield Reader(warehouse, root / "lake")


@pytest.fixture(scope="module")
def first_run(deployed: Reader) -> Seen:
    """What readers see of the first run."""
    deployed.start_anew()
    return deployed.sees()


@pytest.fixture(scope="module")
def second_run(deployed: Reader) -> Seen:
    """What readers see if only the corrected day was ever run."""
    deployed.start_anew()
    replace_day(deployed.lake, corrected())
    return deployed.sees()


@pytest.fixture
def reader(deployed: Reader, first_run: Seen, second_run: Seen) -> Reader:
    deployed.start_anew()
    return deployed


def test_the_same_files_again_are_not_loaded_again(reader: Reader, first_run: Seen) -> None:
    assert reader.sees() == first_run
    reader.warehouse.deploy()
    assert reader.load() == 0
    assert reader.sees() == first_run


@pytest.mark.fault(
    table="loading",
    what="notifications are duplicated, and pipes lose their load history",
    how="the same files again, and recreated pipes",
    then="no duplicate rows",
)
def test_recreated_pipes_load_everything_without_duplicates(
    reader: Reader, first_run: Seen
) -> None:
    """Recreated pipes load every file again, and no row is duplicated."""
    loaded = reader.load()
    ask = "SELECT * FROM CHARTLAKE.MARTS.RUN_LEDGER ORDER BY RUN_ID, CHART_ID"
    ledger = reader.rows(ask)
    reader.replace_pipes()
    assert reader.load() == loaded > rows_of(7) + rows_of(8)
    assert reader.sees() == first_run
    assert reader.missing() == []
    assert reader.rows(ask) == ledger
    assert reader.ledger() == [(FIRST, "ph", "passed", ROWS, ROWS, "visible")]


def test_rows_removed_by_a_run_disappear_from_every_view(reader: Reader, second_run: Seen) -> None:
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


@pytest.mark.fault(
    table="loading",
    what="files never arrive",
    how="half of a run; a manifest without a table",
    then="the old day stays, and the missing tables are named",
)
def test_half_a_run_leaves_the_old_day_and_names_the_missing_tables(
    reader: Reader, first_run: Seen, second_run: Seen
) -> None:
    reader.load()
    tables = corrected()
    half = ["song_trends", "chart_entries", "tracks", "load_manifest", "chart_summary"]
    assert list(write_in_turn(reader.lake, AGAIN, tables, half)) == half
    assert reader.sees() == first_run
    others = sorted(tables.keys() - set(half))
    assert {"artists", "chart_exits", "chart_snapshots"} < set(others)
    assert reader.missing() == [
        (DAY, AGAIN, name, len(tables[name]), 0, PUBLISHED_AT, True) for name in others
    ]
    awaited = sum(len(tables[name]) for name in others)
    assert reader.ledger() == [
        (FIRST, "ph", "passed", ROWS, ROWS, "visible"),
        (AGAIN, None, None, CORRECTED_ROWS - awaited, CORRECTED_ROWS, "loading"),
    ]
    list(write_in_turn(reader.lake, AGAIN, tables, others))
    assert reader.sees() == second_run
    assert reader.missing() == []
    assert [row[-1] for row in reader.ledger()] == ["replaced", "visible"]


@pytest.mark.fault(
    table="loading",
    what="the files of a run with every table arrive in any order",
    how="manifest first, last, and random orders",
    then="the day changes once, with the last, in every view",
    cases=(4, 22),
)
@pytest.mark.parametrize("order", ["manifest first", "manifest last", *DRAWN_ORDERS])
def test_in_any_order_of_files_the_day_changes_once_and_completely(
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


def test_a_run_without_a_manifest_is_hidden_and_in_the_ledger(
    reader: Reader, first_run: Seen
) -> None:
    tables = {name: rows for name, rows in corrected().items() if rows}
    list(write_in_turn(reader.lake, AGAIN, tables, list(tables)))
    assert reader.sees() == first_run
    assert reader.missing() == []
    assert reader.ledger()[-1] == (AGAIN, "ph", "passed", CORRECTED_ROWS, None, "unpublished")


def test_a_day_emptied_by_a_run_is_gone_from_every_view(reader: Reader, first_run: Seen) -> None:
    reader.load()
    write_run(reader.lake, DAY, AGAIN, {})
    seen = reader.sees()
    assert {view for view, rows in first_run.items() if any(repr(DAY) in row for row in rows)} > {
        "CORE.TRACKS",
        "CORE.QUALITY_RESULTS",
        "MARTS.SONG_LIFE_LINE",
        "MARTS.SONG_RECORDS",
    }
    assert [view for view, rows in seen.items() if any(repr(DAY) in row for row in rows)] == []
    assert reader.rows(
        "SELECT TITLE, RANK FROM CHARTLAKE.MARTS.SONG_MOVES WHERE CHART_ID = 'ph' AND IS_LATEST"
        " ORDER BY RANK"
    ) == [("Dawn", 1), ("Comet", 2), ("Bagyo (feat. Ben)", 3)]
    assert reader.ledger()[-1] == (AGAIN, None, None, 0, 0, "visible")


@pytest.mark.fault(
    table="loading",
    what="an older run arrives late",
    how="its files arrive after the newer ones",
    then="nothing changes",
)
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


def test_more_rows_than_promised_hold_a_run_back_too(reader: Reader, first_run: Seen) -> None:
    write_run(reader.lake, DAY, AGAIN, corrected())
    write_part(reader.lake, "albums", DAY, AGAIN, [{"album_id": "stray"}])
    assert reader.sees() == first_run
    assert reader.missing() == [(DAY, AGAIN, "albums", 0, 1, PUBLISHED_AT, True)]


def test_a_held_back_chart_stays_and_the_other_is_published(reader: Reader) -> None:
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


def test_a_chart_held_back_on_its_first_day_affects_no_other(reader: Reader) -> None:
    reader.load()
    assert reader.rows(
        "SELECT CHART_ID, CAPTURED_ON FROM CHARTLAKE.MARTS.CHART_FRESHNESS ORDER BY CHART_ID"
    ) == [("ph", nov(7)), ("us", nov(6)), ("world", nov(8))]
    assert reader.rows(
        "SELECT CHART_ID, GATE, STATUS FROM CHARTLAKE.MARTS.RUN_LEDGER"
        " WHERE SNAPSHOT_DATE = '2026-11-08' ORDER BY CHART_ID"
    ) == [("ph", "held back", "visible"), ("world", "passed", "visible")]


def test_the_ledger_lists_a_chart_whose_only_file_was_unreadable(reader: Reader) -> None:
    unread = {"position": 0, "reason": "It is not JSON."}
    files = [unread | {"chart_id": chart, "source_file": f"{chart}.json"} for chart in ("ph", None)]
    write_run(reader.lake, nov(9), run_id(9), {"quarantine": files})
    reader.load()
    assert reader.rows(
        "SELECT CHART_ID, CHART_NAME, GATE, FAILED_RULES, QUARANTINED, ROWS_LOADED, STATUS"
        " FROM CHARTLAKE.MARTS.RUN_LEDGER WHERE IS_LATEST"
    ) == [("ph", "Top PH", "held back", None, 1, 2, "visible")]
