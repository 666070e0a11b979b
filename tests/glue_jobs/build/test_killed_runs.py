"""`kill -9` anywhere in a run: readers see complete, correct days, and the next run recovers.

The job runs in processes of its own and is killed when it has written so many files, which are
drawn at random. One lake is interrupted once; with `make test-faults` ten lakes are interrupted,
five times each.
"""

import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.fuzz import CASES
from tests.support.job_builders import run
from tests.support.killed_job import kill_after, start_job, traces
from tests.support.lake_readers import Seen, current_runs, see
from tests.support.spark_builders import entry, write_capture

pytestmark = pytest.mark.faults
LAKES, KILLS = (10, 5) if CASES else (1, 1)
FIRST_DAY = date(2026, 9, 1)
PUBLISHED = 8 if CASES else 3
"""Days that are published before, the first of which is then corrected."""

DAYS = [FIRST_DAY + timedelta(days=number) for number in range(PUBLISHED + 3)]
START, END, NEXT = DAYS[0], DAYS[-2], DAYS[-1]
BEFORE, UNDISTURBED = "20261109T000001Z", "20261109T000002Z"
LATER = "20991231T235959Z"
"""A run that begins after the killed one, which has its name from the clock."""


def capture(root: Path, day: date, hour: int, *names: str) -> None:
    entries = [entry(name, name.upper()) for name in names]
    for chart_id in ("first", "second"):
        write_capture(root, f"{day}T{hour:02}:00:00Z", entries, chart_id=chart_id)


@pytest.fixture(scope="module")
def before(spark, lake_folder: Path) -> Path:
    """A lake of published days, of which the first was then corrected, and of two new ones."""
    root = lake_folder / "before-kills"
    for number, day in enumerate(DAYS):
        capture(root, day, 6, *("abce"[number % 4 :] + "abce"[: number % 4]))
    run(spark, root, START, DAYS[PUBLISHED - 1], BEFORE, checkpoint_days=2)
    capture(root, START, 20, "d", "b", "c", "e")
    return root


@pytest.fixture(scope="module")
def undisturbed(spark, before: Path, lake_folder: Path) -> tuple[Path, int]:
    """The same lake after an uninterrupted run, and the number of files it wrote."""
    root = lake_folder / "undisturbed"
    shutil.copytree(before, root)
    run(spark, root, START, END, UNDISTURBED)
    return root, traces(root) - traces(before)


@pytest.mark.fault(
    table="job",
    what="`kill -9` anywhere in a run over published and new days",
    how=(
        "the job and its JVM get SIGKILL after a random number of written files; half of the "
        "cases in the last tenth, when days become current one by one"
    ),
    then=(
        "each day is completely the old or the new one, with the rows that its manifest promises; "
        "the next day's run completes an interrupted publication, and is correct; the same run "
        "again has the result of an unkilled run. Up to five kills before any recovery"
    ),
    cases=(1, 50),
)
@pytest.mark.parametrize("lake", range(LAKES))
def test_a_run_killed_anywhere_leaves_complete_days_and_recovers(
    spark, lake_folder, before, undisturbed, lake
):
    """Wherever a run is killed, readers see complete days and the next run recovers."""
    healthy, files = undisturbed
    draw = random.Random(lake)  # noqa: S311 (places to kill, no secrets)
    root = lake_folder / f"killed-{lake}"
    shutil.copytree(before, root)
    old, new = see(before), see(healthy)
    for kill in range(KILLS):
        # Half of them fall into the last tenth, in which days become current one by one.
        more = draw.randint(1, files) if kill % 2 else draw.randint(files * 9 // 10, files)
        kill_after(start_job(lake_folder, root, str(START), str(END)), root, more)
        seen = see(root)
        assert seen.keys() >= old.keys()
        assert all(seen[day] in (old.get(day), new[day]) for day in seen)
        assert raw(root) == raw(before)

    run(spark, root, NEXT, NEXT, LATER)  # the next day's run, as scheduled
    seen = see(root)
    was_published = current_runs(root).get(END) is not None
    expected = new if was_published else old
    assert {day: rows for day, rows in seen.items() if day != NEXT} == expected
    # On every day but the first, which was corrected; or on those that were published before.
    assert days_on_chart(seen[NEXT], "a") == {PUBLISHED + 2 if was_published else PUBLISHED + 1}

    run(spark, root, START, END, LATER.replace("2099", "2100"))  # the same run again
    assert {day: rows for day, rows in see(root).items() if day != NEXT} == new
    assert days_on_chart(see(root)[NEXT], "a") == {PUBLISHED + 2}
    shutil.rmtree(root)


def raw(root: Path) -> dict[str, bytes]:
    files = [path for path in (root / "raw").rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def days_on_chart(seen: Seen, track_id: str) -> set[int]:
    return {row["days_on_chart"] for row in seen["song_trends"] if row["track_id"] == track_id}
