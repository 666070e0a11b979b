"""The embedded warehouse keeps what it loaded, and names what it could not load."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chartlake.contract.paths import run_prefix
from chartlake.warehouse import WarehouseError, open_warehouse
from tests.support.lake_files import write_part, write_run

DAY = date(2026, 11, 1)
RUN = "20261101T060000Z"


def mounts(tmp_path: Path) -> dict[str, Path]:
    return {"s3://chartlake-curated/": tmp_path / "lake"}


def test_a_reopened_warehouse_keeps_its_rows_and_reloads_nothing(
    tmp_path: Path,
) -> None:
    write_run(tmp_path / "lake", DAY, RUN, {"albums": [{"album_id": "a"}]})
    with open_warehouse(tmp_path / "warehouse", mounts(tmp_path)) as warehouse:
        warehouse.deploy()
        assert warehouse.load()["albums"] == 1
    with open_warehouse(tmp_path / "warehouse", mounts(tmp_path)) as warehouse:
        warehouse.deploy()
        assert set(warehouse.load().values()) == {0}
        assert warehouse.query("SELECT ALBUM_ID FROM CHARTLAKE.CORE.ALBUMS") == [{"album_id": "a"}]


def test_a_warehouse_can_be_queried_without_its_lake(tmp_path: Path) -> None:
    write_run(tmp_path / "lake", DAY, RUN, {"albums": [{"album_id": "a"}]})
    with open_warehouse(tmp_path / "warehouse", mounts(tmp_path)) as warehouse:
        warehouse.deploy()
        warehouse.load()
    (tmp_path / "lake").rename(tmp_path / "gone")
    with open_warehouse(tmp_path / "warehouse") as warehouse:
        assert warehouse.query("SELECT ALBUM_ID FROM CHARTLAKE.CORE.ALBUMS") == [{"album_id": "a"}]
        assert warehouse.marts()["SONG_MOVES"] == (
            "One row per chart, edition date and song: where it stands and how it moved."
        )


def test_a_row_keeps_its_values_and_records_its_source(tmp_path: Path) -> None:
    seen_at = datetime(2026, 11, 1, 6, 30, 15, 250_000, tzinfo=UTC)
    entry = {"chart_id": "top", "rank": 7, "streams": 3_000_000_000, "added_at": seen_at}
    artist = {"artist_id": "a", "genres": ["k-pop", "ost"]}
    write_run(tmp_path / "lake", DAY, RUN, {"chart_entries": [entry], "artists": [artist]})
    with open_warehouse(tmp_path / "warehouse", mounts(tmp_path)) as warehouse:
        warehouse.deploy()
        warehouse.load()
        assert warehouse.query(
            "SELECT SNAPSHOT_DATE, RANK, STREAMS, POPULARITY, ADDED_AT, SRC_FILE, SRC_ROW"
            " FROM CHARTLAKE.LANDING.CHART_ENTRIES WHERE CHART_ID = %s",
            ("top",),
        ) == [
            {
                "snapshot_date": DAY,
                "rank": 7,
                "streams": 3_000_000_000,
                "popularity": None,
                "added_at": seen_at,
                "src_file": f"{run_prefix('chart_entries', DAY, RUN)}/part-00000-a.snappy.parquet",
                "src_row": 1,
            }
        ]
        genres = warehouse.query("SELECT GENRES, FOLLOWERS FROM CHARTLAKE.CORE.ARTISTS")
        assert genres == [{"genres": ["k-pop", "ost"], "followers": None}]


def test_a_column_missing_from_an_older_file_is_null(tmp_path: Path) -> None:
    path = write_part(tmp_path / "lake", "albums", DAY, RUN, [{"album_id": "old", "label": "x"}])
    pq.write_table(pq.read_table(path).drop_columns(["label"]), path)
    new = [{"album_id": "new", "label": "y"}]
    write_part(tmp_path / "lake", "albums", DAY, RUN, new, part="part-00001-a")
    with open_warehouse(tmp_path / "warehouse", mounts(tmp_path)) as warehouse:
        warehouse.deploy()
        warehouse.load()
        rows = warehouse.query("SELECT ALBUM_ID, LABEL FROM CHARTLAKE.LANDING.ALBUMS ORDER BY 1")
    assert rows == [{"album_id": "new", "label": "y"}, {"album_id": "old", "label": None}]


def test_an_invalid_parquet_file_is_skipped_and_the_others_load(
    tmp_path: Path,
) -> None:
    """A file that is not Parquet is skipped and named, and the others load."""
    folder = tmp_path / "lake" / run_prefix("albums", DAY, RUN)
    for part in range(3):
        name = f"part-0000{part}-a"
        write_part(tmp_path / "lake", "albums", DAY, RUN, [{"album_id": name}], part=name)
    (folder / "part-00001-a.snappy.parquet").write_text("not Parquet" * 99)
    with open_warehouse(tmp_path / "warehouse", mounts(tmp_path)) as warehouse:
        warehouse.deploy()
        assert warehouse.load()["albums"] == 2
        (skipped,) = warehouse.skipped_files()
    assert skipped.table == "ALBUMS"
    assert skipped.file == f"{run_prefix('albums', DAY, RUN)}/part-00001-a.snappy.parquet"
    assert "magic bytes" in skipped.reason.lower()


def test_a_skipped_file_loads_once_repaired(tmp_path: Path) -> None:
    path = write_part(tmp_path / "lake", "albums", DAY, RUN, [{"album_id": "a"}])
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    with open_warehouse(tmp_path / "warehouse", mounts(tmp_path)) as warehouse:
        warehouse.deploy()
        assert warehouse.load()["albums"] == 0
        path.write_bytes(whole)
        assert warehouse.load()["albums"] == 1
        assert warehouse.skipped_files() == []


def test_a_value_that_does_not_fit_its_column_skips_the_file(tmp_path: Path) -> None:
    path = write_part(tmp_path / "lake", "albums", DAY, RUN, [{"album_id": "a"}])
    table = pq.read_table(path).drop_columns(["total_tracks"])
    pq.write_table(table.append_column("total_tracks", pa.array(["many"])), path)
    with open_warehouse(tmp_path / "warehouse", mounts(tmp_path)) as warehouse:
        warehouse.deploy()
        assert warehouse.load()["albums"] == 0
        (skipped,) = warehouse.skipped_files()
    assert "many" in skipped.reason


def test_grants_are_recorded_and_not_executed(tmp_path: Path) -> None:
    grant = "GRANT USAGE ON DATABASE CHARTLAKE TO ROLE CHARTLAKE_ANALYST"
    with open_warehouse(tmp_path / "warehouse") as warehouse:
        warehouse.query(f"-- who may read\n{grant};")
        assert warehouse.not_emulated == [grant]


def test_loading_without_a_mount_says_what_is_missing(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "warehouse") as warehouse:
        warehouse.deploy()
        with pytest.raises(WarehouseError, match="No folder is mounted for s3://chartlake-curated"):
            warehouse.load()


def test_an_invalid_statement_is_one_line(tmp_path: Path) -> None:
    with (
        open_warehouse(tmp_path / "warehouse") as warehouse,
        pytest.raises(WarehouseError, match=r"^[^\n]*NOWHERE[^\n]*$"),
    ):
        warehouse.query("SELECT 1 FROM CHARTLAKE.CORE.NOWHERE")
