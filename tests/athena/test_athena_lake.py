"""The Athena stand-in on a lake: its views, and files that differ from the contract."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chartlake.athena.stand_in import NotAthenaError, open_lake
from tests.support.lake_files import write_part

DAY = date(2026, 11, 1)


def test_an_empty_lake_has_every_view(tmp_path: Path) -> None:
    with open_lake(tmp_path) as lake:
        assert lake.query("SELECT * FROM chartlake.song_moves") == []
        assert lake.query("SELECT * FROM chartlake.run_ledger") == []


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.ParquetFile(path).read()), path)


def test_a_column_missing_from_a_file_is_null(tmp_path: Path) -> None:
    for run in ("20261101T060000Z", "20261101T070000Z"):
        part = write_part(tmp_path, "tracks", DAY, run, [{"track_id": run, "isrc": "x"}])
    rewrite(part, lambda table: table.drop(["isrc"]))
    with open_lake(tmp_path) as lake:
        rows = lake.query("SELECT isrc, dt FROM chartlake_landing.tracks ORDER BY run_id")
    assert rows == [{"isrc": "x", "dt": "2026-11-01"}, {"isrc": None, "dt": "2026-11-01"}]


def test_a_file_with_another_type_gives_one_error_message(tmp_path: Path) -> None:
    part = write_part(tmp_path, "tracks", DAY, "20261101T060000Z", [{"duration_ms": 1}])
    lengths = pa.array([1], pa.int64())
    rewrite(part, lambda table: table.set_column(4, "duration_ms", lengths))
    with (
        pytest.raises(NotAthenaError, match="tracks.duration_ms is declared int, .* have BIGINT"),
        open_lake(tmp_path),
    ):
        pass


def test_unfinished_files_are_ignored(tmp_path: Path) -> None:
    part = write_part(tmp_path, "tracks", DAY, "20261101T060000Z", [{}])
    (tmp_path / "curated/tracks/_temporary/0").mkdir(parents=True)
    for hidden in (tmp_path / "curated/tracks/_temporary/0/part-1.parquet", part.parent / ".part"):
        hidden.write_bytes(b"half a file")
    with open_lake(tmp_path) as lake:
        assert len(lake.query("SELECT * FROM chartlake_landing.tracks")) == 1
