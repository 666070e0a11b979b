"""A prune of a real lake folder: readers see the same, wherever it is interrupted."""

import logging
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chartlake.contract.tables import TABLES
from glue_jobs import prune_runs
from glue_jobs.build import run as job
from glue_jobs.job.errors import JobError
from glue_jobs.lake import checkpoints, files, read
from glue_jobs.lake.commit import read_published
from glue_jobs.prune.arguments import PruneConfig
from glue_jobs.prune.run_folders import Rules
from tests.support.job_builders import DAYS, config, current, write_month
from tests.support.lake_files import write_part, write_run

pytestmark = pytest.mark.faults

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
FIRST, SECOND, THIRD = (f"2026101{n}T060000Z-{n}a" for n in range(3))
DAY, NEXT_DAY = date(2026, 10, 1), date(2026, 10, 2)


class CutError(Exception):
    """Interrupts a prune."""


def prune(spark, root, delete=True, keep_checkpoints=12):
    rules = Rules(NOW, timedelta(hours=48), 0, keep_checkpoints)
    prune_runs.prune(spark, PruneConfig(f"s3://lake/{root.name}", rules, delete))


def names(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def said(caplog):
    caplog.set_level(logging.INFO, logger="prune_runs")
    return caplog


@pytest.fixture
def small(root):
    """Two days, run three times and once, and a run that died between two tables."""
    for run_id in (FIRST, SECOND, THIRD):
        tables = {"albums": [{"album_id": run_id}], "tracks": [{"track_id": run_id}]}
        write_run(root, DAY, run_id, tables)
    write_run(root, NEXT_DAY, FIRST, {"albums": [{"album_id": "b"}]})
    write_part(root, "tracks", NEXT_DAY, SECOND, [{"track_id": "dead"}])
    (root / "curated/README.txt").write_text("mine")
    return root


KEPT = {f"curated/{name}/dt={DAY}/run={THIRD}" for name in ("albums", "tracks", "load_manifest")}
KEPT |= {f"curated/{name}/dt={NEXT_DAY}/run={FIRST}" for name in ("albums", "load_manifest")}


def test_without_delete_nothing_is_deleted(spark, small, said):
    before = names(small)
    prune(spark, small, delete=False)
    assert names(small) == before
    assert said.messages[-2].split()[:5] == ["all", "7", "folders", "7", "files"]
    assert said.messages[-1] == "Nothing was removed. Add --delete to remove this."


def test_superseded_runs_are_deleted_and_a_second_prune_finds_nothing(spark, small, said):
    prune(spark, small)
    assert {str(Path(name).parent) for name in names(small)} == KEPT | {"curated"}
    assert said.messages[-1] == "Removed 7 folders."
    prune(spark, small)
    assert said.messages[-1].startswith("Nothing to remove: ")


def test_temporary_files_are_deleted_once_no_run_can_be_writing(spark, small, said):
    old, young = (small / f"curated/tracks/_temporary/{name}" for name in ("7", "8"))
    for folder, age in ((old, 49), (young, 47)):
        folder.mkdir(parents=True)
        (folder / "part-0.parquet").write_text("half")
        then = (NOW - timedelta(hours=age)).timestamp()
        os.utime(folder, (then, then))
    prune(spark, small, delete=False)
    assert "1 folder of interrupted writes" in said.messages
    prune(spark, small)
    assert said.messages[-1] == "Removed 8 folders."
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.fault(
    table="job",
    what="a prune is killed",
    how="the process stops after every single deletion",
    then="readers see the same data throughout",
    cases=7,
)
def test_a_prune_stopped_after_any_deletion_changes_nothing_for_readers(spark, small, monkeypatch):
    def seen():
        days = read.read_published_days(spark, f"s3://lake/{small.name}")
        runs = read.read_published_runs(spark, f"s3://lake/{small.name}", days)
        tables = [table for table in TABLES if table.name in ("albums", "tracks")]
        return runs, [
            sorted(read.read_table(spark, f"s3://lake/{small.name}", table, runs).collect())
            for table in tables
        ]

    before, delete, cuts = seen(), files.delete, 0
    assert before[0] == {DAY: THIRD, NEXT_DAY: FIRST}

    def delete_one_and_die(spark, uri):
        delete(spark, uri)
        raise CutError

    monkeypatch.setattr(files, "delete", delete_one_and_die)
    while {str(Path(name).parent) for name in names(small)} != KEPT | {"curated"}:
        with pytest.raises(CutError):
            prune(spark, small)
        cuts += 1
        assert seen() == before
    assert cuts == 7
    prune(spark, small)


def test_a_root_without_published_days_gives_one_error_message(spark, root):
    with pytest.raises(JobError, match=r"^No published day under s3://lake/.+/curated\. Check"):
        prune(spark, root)


def test_a_forbidden_deletion_gives_one_error_message(spark, small, monkeypatch):
    monkeypatch.setattr(files, "exists", lambda *_: True)
    with pytest.raises(JobError, match=r"^s3://lake/.+/nothing cannot be deleted: check that"):
        files.delete(spark, f"s3://lake/{small.name}/nothing")


def test_after_a_prune_the_job_uses_the_same_checkpoint_and_rows(spark, root):
    write_month(root)
    place, last = f"s3://lake/{root.name}", DAYS[2]

    def known():
        start = checkpoints.newest_checkpoint(spark, place, last)
        days = read.read_published_days(spark, place)
        published = read_published(spark, place, days, start).runs
        songs = checkpoints.read_history(spark, place, start, published, last).songs
        rows = current(spark, root, "song_trends").collect()
        return start, sorted(songs.collect()), sorted(rows)

    for end, run_id in ((DAYS[0], FIRST), (DAYS[1], SECOND)):  # the first checkpoint gets stale
        job.run(spark, replace(config(root, DAYS[0], end, run_id), checkpoint_days=1))
    before = known()
    assert any(name.startswith("state/rebuilt") for name in names(root))
    prune(spark, root, keep_checkpoints=1)
    assert known() == before
    assert set(checkpoints.find_checkpoints(spark, place)) == {before[0]}
    assert not [name for name in names(root) if FIRST in name or name.startswith("state/rebuilt")]
