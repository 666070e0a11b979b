"""The folders that the benches create once, and the days that they reset."""

from datetime import date
from pathlib import Path

import pytest

from bench import jobs
from bench.hourly_runs import hourly_runs
from bench.jobs import forget
from bench.lakes import captured_days, made_once
from chartlake.warehouse import open_warehouse
from tests.support.chart_lake import nov, write_lake
from tests.support.warehouse_reader import Seen, every_row


def test_a_folder_is_created_once(tmp_path):
    made: list[Path] = []
    for _ in range(2):
        folder = made_once(tmp_path / "raw", made.append)
    assert folder.is_dir()
    assert len(made) == 1


def test_a_half_written_folder_is_created_again(tmp_path):
    def cut(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made_once(tmp_path / "raw", cut)
    assert not (tmp_path / "raw").exists()
    assert list(made_once(tmp_path / "raw", lambda folder: None).iterdir()) == []


def test_a_day_is_new_again_once_its_runs_and_later_state_are_removed(tmp_path):
    kept, gone = date(2026, 10, 1), date(2026, 10, 2)
    for day in (kept, gone):
        for table in ("curated/song_trends", "state/song_trends"):
            (tmp_path / table / f"dt={day}" / "run=1").mkdir(parents=True)
    forget(tmp_path, gone)
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*/dt=*"))
    assert left == ["curated/song_trends/dt=2026-10-01", "state/song_trends/dt=2026-10-01"]


def test_each_captured_day_has_four_charts(tmp_path):
    raw = captured_days(2, tmp_path)
    captures = [path.parent for path in raw.glob("raw/playlists/*/*/*.json")]
    assert len(captures) == 8
    assert {path.parent.name for path in captures} == {"dt=2023-10-01", "dt=2023-10-02"}


def test_a_history_of_another_job_version_is_not_reused(tmp_path, monkeypatch):
    ran = []

    def publish(command: list[str], log: Path) -> None:
        ran.append(log.name)

    monkeypatch.setattr(jobs, "measure", publish)
    days = (date(2026, 10, 1), date(2026, 10, 2))
    first = jobs.published("week", tmp_path, *days, tmp_path)
    assert jobs.published("week", tmp_path, *days, tmp_path) == first
    monkeypatch.setattr(jobs, "_version_of_the_job", lambda: "later")
    assert jobs.published("week", tmp_path, *days, tmp_path) == tmp_path / "week-by-later"
    assert ran == ["week.log", "week.log"]
    assert not first.exists()


def test_hourly_runs_beside_the_newest_change_nothing_for_readers(tmp_path):
    """Hourly runs are added beside the newest one, and readers see the same."""
    write_lake(tmp_path / "lake")
    hourly_runs(tmp_path / "lake", [nov(7)], tmp_path / "hourly", runs=3)
    before, runs = loaded(tmp_path / "lake")
    after, more_runs = loaded(tmp_path / "hourly")
    assert after == before
    newest = (nov(7), "20261107T061500Z", 3)
    older = {(nov(7), "20261107T041500Z-hourly", 3), (nov(7), "20261107T051500Z-hourly", 3)}
    assert newest in runs
    assert more_runs == runs | older


def loaded(lake: Path) -> tuple[Seen, set[tuple[date, str, int]]]:
    """Load a lake; return what readers see, and the entries of each run."""
    with open_warehouse(lake / "warehouse", {"s3://chartlake-curated/": lake}) as warehouse:
        warehouse.deploy()
        warehouse.load()
        rows = warehouse.query(
            "SELECT SNAPSHOT_DATE, RUN_ID, COUNT(*) AS ENTRIES"
            " FROM CHARTLAKE.LANDING.CHART_ENTRIES GROUP BY SNAPSHOT_DATE, RUN_ID"
        )
        runs = {(row["snapshot_date"], row["run_id"], row["entries"]) for row in rows}
        return every_row(warehouse), runs
