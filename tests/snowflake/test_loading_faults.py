"""Files that arrive in any order, corrupt, or written by another version of the job."""

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


@pytest.mark.fault(
    table="loading",
    what="the files of a run arrive in any order",
    how="every order of four files, one after another",
    then="the day changes once, with the last",
    cases=24,
)
def test_a_small_run_in_any_order_changes_the_day_with_its_last_file(reader: Reader) -> None:
    """In every order of a small run's files, the day changes with the last."""
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


@pytest.mark.fault(
    table="loading",
    what="a corrupt Parquet file",
    how="the file is truncated in the middle",
    then="its run is held back and the file is named; once repaired, it loads",
)
def test_a_corrupt_parquet_file_holds_its_run_back_until_repaired(
    reader: Reader,
) -> None:
    """A corrupt file holds its run back and is named; once repaired, it loads."""
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


@pytest.mark.fault(
    table="loading",
    what="a corrupt Parquet file is not repaired",
    how="a file of four bytes",
    then="the next run of the day becomes visible",
)
def test_the_next_run_is_visible_despite_a_corrupt_file(reader: Reader) -> None:
    list(write_in_turn(reader.lake, AGAIN, SMALL, [*SMALL, "load_manifest"]))
    file_of(reader, "song_trends", AGAIN).write_bytes(b"PAR1")
    list(write_in_turn(reader.lake, LATER, SMALL, [*SMALL, "load_manifest"]))
    reader.load()
    assert current(reader) == (LATER, 2)


@pytest.mark.fault(
    table="loading",
    what="a newer job adds a column",
    how="the file has an extra column",
    then="it is ignored",
)
def test_a_column_added_by_a_newer_job_is_ignored(reader: Reader) -> None:
    list(write_in_turn(reader.lake, AGAIN, SMALL, [*SMALL]))
    file = file_of(reader, "song_trends", AGAIN)
    rows = pq.ParquetFile(file).read()
    pq.write_table(rows.append_column("mood", pa.array(["calm"] * rows.num_rows)), file)
    list(write_in_turn(reader.lake, AGAIN, SMALL, ["load_manifest"]))
    reader.load()
    assert current(reader) == (AGAIN, 2)


@pytest.mark.fault(
    table="loading",
    what="a file of an older job arrives",
    how="the file lacks a column",
    then="the column is null",
)
def test_a_column_unknown_to_an_older_job_is_null(reader: Reader) -> None:
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


@pytest.mark.fault(
    table="loading",
    what="files of an older and a newer job arrive in one load",
    how="two runs of two versions",
    then="each run has its rows",
)
def test_two_job_versions_in_one_load_each_get_their_rows(reader: Reader) -> None:
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
