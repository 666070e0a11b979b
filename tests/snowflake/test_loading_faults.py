"""Files that arrive in any order, broken, or written by another version of the job."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chartlake.contract.paths import run_prefix
from chartlake.warehouse import open_warehouse
from tests.support.warehouse_reader import AGAIN, DAY, FIRST, Reader, corrected, write_in_turn

pytestmark = pytest.mark.faults

LATER = "20261107T120000Z"
SMALL = {name: corrected()[name] for name in ("chart_snapshots", "chart_entries", "song_trends")}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("loading_faults")
    mounts = {"s3://chartlake-curated/": root / "lake"}
    with open_warehouse(root / "warehouse", mounts) as warehouse:
        warehouse.deploy()
        yield Reader(warehouse, root / "lake")


@pytest.fixture
def reader(deployed: Reader) -> Reader:
    deployed.start_anew()
    deployed.load()
    return deployed


def current_run(reader: Reader) -> str:
    """The run of the day that readers see."""
    runs = reader.rows(
        "SELECT RUN_ID FROM CHARTLAKE.LANDING.CURRENT_RUNS WHERE SNAPSHOT_DATE = '2026-11-07'"
    )
    return str(runs[0][0])


def current(reader: Reader) -> tuple[str, int]:
    """That run, and the songs that readers see of the day."""
    songs = reader.rows(
        "SELECT COUNT(*) FROM CHARTLAKE.MARTS.SONG_MOVES WHERE SNAPSHOT_DATE = '2026-11-07'"
    )
    return current_run(reader), songs[0][0]


def file_of(reader: Reader, table: str, run: str) -> Path:
    (file,) = (reader.lake / run_prefix(table, DAY, run)).iterdir()
    return file


def missing(reader: Reader) -> list[tuple[str, str, int]]:
    return [(run, table, loaded) for _, run, table, _, loaded, *_ in reader.missing()]


def test_in_every_order_of_a_small_runs_files_the_day_changes_with_the_last(reader: Reader) -> None:
    orders = list(permutations([*SMALL, "load_manifest"]))
    assert len(orders) == 24
    for number, order in enumerate(orders):
        run, before = f"20261107T10{number:02}00Z", current_run(reader)
        seen = []
        for name in write_in_turn(reader.lake, run, SMALL, list(order)):
            reader.warehouse.query(f"ALTER PIPE CHARTLAKE.LANDING.{name}_PIPE REFRESH")
            seen.append(current_run(reader))
        assert seen == [before] * 3 + [run], order
        assert current(reader) == (run, 2)


def test_a_file_that_is_no_parquet_keeps_its_run_back_and_is_named_and_loads_when_it_is_whole(
    reader: Reader,
) -> None:
    list(write_in_turn(reader.lake, AGAIN, SMALL, [*SMALL, "load_manifest"]))
    broken = file_of(reader, "song_trends", AGAIN)
    whole = broken.read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    reader.load()
    assert current(reader) == (FIRST, 3)
    assert missing(reader) == [(AGAIN, "song_trends", 0)]
    failed = reader.rows(
        "SELECT FILE_NAME FROM CHARTLAKE.INFORMATION_SCHEMA.LOAD_HISTORY"
        " WHERE STATUS = 'LOAD_FAILED'"
    )
    assert failed == [(str(broken.relative_to(reader.lake)),)]
    broken.write_bytes(whole)
    reader.load()
    assert current(reader) == (AGAIN, 2)


def test_beside_a_broken_file_the_next_run_of_the_day_is_seen(reader: Reader) -> None:
    list(write_in_turn(reader.lake, AGAIN, SMALL, [*SMALL, "load_manifest"]))
    file_of(reader, "song_trends", AGAIN).write_bytes(b"PAR1")
    list(write_in_turn(reader.lake, LATER, SMALL, [*SMALL, "load_manifest"]))
    reader.load()
    assert current(reader) == (LATER, 2)


def test_a_column_that_a_newer_job_adds_is_passed_over(reader: Reader) -> None:
    list(write_in_turn(reader.lake, AGAIN, SMALL, [*SMALL]))
    file = file_of(reader, "song_trends", AGAIN)
    rows = pq.ParquetFile(file).read()
    pq.write_table(rows.append_column("mood", pa.array(["calm"] * rows.num_rows)), file)
    list(write_in_turn(reader.lake, AGAIN, SMALL, ["load_manifest"]))
    reader.load()
    assert current(reader) == (AGAIN, 2)


def test_a_column_that_an_older_job_did_not_know_is_null(reader: Reader) -> None:
    list(write_in_turn(reader.lake, AGAIN, SMALL, [*SMALL]))
    file = file_of(reader, "song_trends", AGAIN)
    pq.write_table(pq.ParquetFile(file).read().drop_columns(["previous_rank"]), file)
    list(write_in_turn(reader.lake, AGAIN, SMALL, ["load_manifest"]))
    reader.load()
    assert current(reader) == (AGAIN, 2)
    assert reader.rows(
        "SELECT RANK, PREVIOUS_RANK FROM CHARTLAKE.CORE.SONG_TRENDS"
        " WHERE SNAPSHOT_DATE = '2026-11-07' ORDER BY RANK"
    ) == [(row["rank"], None) for row in sorted(SMALL["song_trends"], key=lambda r: r["rank"])]


def test_two_versions_of_the_job_in_one_load_give_each_its_rows(reader: Reader) -> None:
    list(write_in_turn(reader.lake, AGAIN, SMALL, [*SMALL, "load_manifest"]))
    list(write_in_turn(reader.lake, LATER, SMALL, [*SMALL, "load_manifest"]))
    older = file_of(reader, "song_trends", AGAIN)
    pq.write_table(pq.ParquetFile(older).read().drop_columns(["previous_rank"]), older)
    newer = file_of(reader, "song_trends", LATER)
    rows = pq.ParquetFile(newer).read()
    pq.write_table(rows.append_column("mood", pa.array(["calm"] * rows.num_rows)), newer)
    reader.load()
    assert current(reader) == (LATER, 2)
    assert missing(reader) == []
