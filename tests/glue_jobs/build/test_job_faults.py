"""Two jobs for the same days at once, and a full disk: real processes, each with a JVM."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fuzz import CASES
from tests.support.job_builders import DAYS, run, write_month
from tests.support.killed_job import start_job
from tests.support.lake_readers import current_runs, see
from tests.support.spark_builders import entry, write_capture

pytestmark = pytest.mark.faults
long = pytest.mark.skipif(not CASES, reason="a minute long: `make test-faults` runs it")

BEFORE, LATER = "20261009T000001Z", "20991231T235959Z"


def end(job: "subprocess.Popen[bytes]") -> tuple[int, str]:
    said = job.communicate(timeout=300)[0].decode()
    return job.returncode, said


@pytest.mark.fault(
    table="job",
    what="two jobs for the same days at once",
    how="two processes, each with a JVM",
    then=(
        "readers see one complete run; the other's files are complete too; a run that comes too "
        "late publishes nothing and says so"
    ),
)
@long
def test_two_concurrent_jobs_do_not_harm_each_other(spark, root, lake_folder, month):
    """Of two jobs for the same days, readers see one complete run."""
    write_month(root)
    first, last = str(DAYS[0]), str(DAYS[3])
    ended = [end(job) for job in [start_job(lake_folder, root, first, last) for _ in range(2)]]
    assert see(root) == see(month)
    runs = set(current_runs(root).values())
    assert len(runs) == 1
    for code, said in ended:
        assert code == 0 or re.search(
            r"^Run \S+ published 2026-10-0\d after run \S+ had started, .* Run it again", said, re.M
        ), said
    assert not list(root.glob("curated/*/_temporary/*"))
    folders = [path for path in root.glob("curated/*/dt=*") if path.parent.name != "load_manifest"]
    files = [sorted(len(list(run.glob("part-*"))) for run in day.iterdir()) for day in folders]
    assert files == [[1, 1]] * len(folders)


@pytest.mark.fault(
    table="job",
    what="a raw file is a folder",
    how="a folder with a file in it",
    then="its chart is missing, its contents are in quarantine, and the others are published",
)
def test_a_folder_in_place_of_a_raw_file_loses_only_its_chart(spark, root):
    write_capture(root, "2026-10-01T06:00:00Z", [entry("a"), entry("b")], chart_id="fit")
    file = write_capture(root, "2026-10-01T06:00:00Z", [entry("a"), entry("b")], chart_id="unfit")
    file.unlink()
    (file / "part").mkdir(parents=True)
    (file / "part/0.json").write_text("{}")
    assert run(spark, root, DAYS[0], DAYS[0], BEFORE) == 1
    (day,) = see(root).values()
    assert [row["chart_id"] for row in day["chart_entries"]] == ["fit", "fit"]
    assert [(row["source_file"], row["reason"]) for row in day["quarantine"]] == [
        (
            str((file / "part/0.json").relative_to(root)),
            "The file's chart or date does not match its folder.",
        )
    ]


@pytest.fixture
def full_disk(root: Path) -> Iterator[Path]:
    """A lake on a disk of its own, of 300 kB."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(root)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("only root may make a small disk here")
    yield root
    subprocess.run(["umount", "-l", str(root)], check=True)


@pytest.mark.fault(
    table="job",
    what="the disk is full while tables are written",
    how="a file system of 300 kB, filled up",
    then=(
        "readers see the previous data, and there is one error message; once there is space, the "
        "next run is complete"
    ),
)
@long
def test_on_a_full_disk_readers_keep_the_previous_data(spark, full_disk, lake_folder):
    root = full_disk
    write_month(root)
    run(spark, root, DAYS[0], DAYS[2], BEFORE)
    before, days = see(root), current_runs(root)
    free = os.statvfs(root)
    (root / "other").write_bytes(b"x" * (free.f_bavail * free.f_bsize - 16_384))
    code, said = end(start_job(lake_folder, root, str(DAYS[0]), str(DAYS[3])))
    assert code == 1
    assert re.fullmatch(
        r"Spark failed: java.io.IOException: No space left on device. Stopped. Nothing of "
        r"run \S+ was published, unless reported above.",
        said.splitlines()[-1],
    )
    assert "Traceback" not in said
    assert "\tat " not in said
    assert (see(root), current_runs(root)) == (before, days)
    subprocess.run(["mount", "-o", "remount,size=5m", str(root)], check=True)
    run(spark, root, DAYS[0], DAYS[3], LATER)
    assert set(current_runs(root).values()) == {LATER}
