"""A run becomes current on all its days, if need be through the next run, never beside another."""

import shutil

import pytest

from glue_jobs.build import run as job
from glue_jobs.job.errors import JobError
from glue_jobs.lake.commit import finish_commits
from glue_jobs.lake.read import read_published_runs
from tests.support.fuzz import CASES
from tests.support.job_builders import DAYS, config, current, run
from tests.support.rows import rows
from tests.support.spark_builders import entry, write_capture

pytestmark = pytest.mark.faults

FIRST, SECOND, THIRD = (f"20261109T00000{number}Z" for number in (1, 2, 3))


def capture(root, *days):
    for day in days:
        songs = [entry("a"), entry("b")]
        write_capture(root, f"{day}T06:00:00Z", songs if day.day % 2 else songs[::-1])


def published(spark, root):
    runs = read_published_runs(spark, f"s3://lake/{root.name}", DAYS)
    return [runs.get(day) for day in DAYS]


def days_of(spark, root):
    found = rows(current(spark, root, "song_trends"), "snapshot_date", "track_id", "days_on_chart")
    return [(day.day, days) for day, track, days in found if track == "a"]


def kill_between_manifests(root, run_id, *lost):
    """Leave what a killed run leaves: some manifests missing, and no completion marker."""
    for day in lost:
        shutil.rmtree(root / f"curated/load_manifest/dt={day}/run={run_id}")
    (folder,) = root.glob(f"state/published/dt=*/run={run_id}")
    shutil.rmtree(folder)


@pytest.mark.fault(
    table="job",
    what="a kill between the manifests of two days",
    how="the remains of such a run: some of its manifests, and no completion marker",
    then="the next run publishes the others first, each once",
)
def test_the_next_run_completes_one_killed_between_two_manifests(spark, root, caplog):
    capture(root, *DAYS)
    run(spark, root, DAYS[0], DAYS[2], FIRST)
    kill_between_manifests(root, FIRST, DAYS[0], DAYS[2])
    cut = root / f"state/publishing/dt=2026-10-01/run={SECOND}/_mark.json"
    cut.parent.mkdir()
    cut.write_text('{"published_at": "2026-')  # killed while it wrote this
    assert published(spark, root) == [None, FIRST, None, None]
    with caplog.at_level("INFO"):
        run(spark, root, DAYS[3], DAYS[3], THIRD)
        finish_commits(spark, f"s3://lake/{root.name}")
    assert [message for message in caplog.messages if "was interrupted" in message] == [
        f"Run {FIRST} was interrupted while publishing; finishing it first."
    ]
    assert published(spark, root) == [FIRST, FIRST, FIRST, THIRD]
    assert days_of(spark, root) == [(1, 1), (2, 2), (3, 3), (4, 4)]
    place = f"s3://lake/{root.name}/curated/load_manifest/*/*"
    assert spark.read.parquet(place).groupBy("run_id").count().sort("run_id").collect() == [
        (FIRST, 36),
        (THIRD, 12),
    ]


@pytest.mark.fault(
    table="job",
    what="another run publishes while one is running: the same day, one before, one after",
    how="a complete run inside another",
    then="the older one publishes nothing, and names day and run",
    cases=3,
)
@pytest.mark.parametrize("other_day", [DAYS[1], DAYS[0], DAYS[2]] if CASES else [DAYS[2]])
def test_a_run_does_not_overwrite_what_another_published_meanwhile(
    spark, root, monkeypatch, other_day
):
    capture(root, *DAYS)
    run(spark, root, DAYS[0], DAYS[1], FIRST)
    build_dependent = job._build_dependent

    def meanwhile(*given):
        monkeypatch.setattr(job, "_build_dependent", build_dependent)
        run(spark, root, other_day, other_day, THIRD)
        return build_dependent(*given)

    monkeypatch.setattr(job, "_build_dependent", meanwhile)
    with pytest.raises(JobError) as stopped:
        run(spark, root, DAYS[1], DAYS[1], SECOND)
    assert str(stopped.value) == (
        f"Run {THIRD} published {other_day} after run {SECOND} had started, so the input of run "
        f"{SECOND} is stale. Nothing of it was published. Run it again, and only one run at a "
        "time on the same lake."
    )
    assert SECOND not in published(spark, root)


def test_temporary_files_of_another_run_are_kept_and_own_ones_removed(spark, root):
    """Temporary files of another run are kept, and a run leaves none of its own."""
    capture(root, DAYS[0])
    others = root / "curated/song_trends/_temporary/5/task_1/part-1.parquet"
    others.parent.mkdir(parents=True)
    others.write_text("on its way")
    job.run(spark, config(root, DAYS[0], DAYS[0], FIRST))
    assert others.read_text() == "on its way"
    assert [path.name for path in root.glob("curated/*/_temporary/*")] == ["5"]
