"""What a run rebuilds and what it leaves alone, shown by the run that wrote each day."""

import shutil
from dataclasses import replace

import pytest

from glue_jobs.build import run as job
from glue_jobs.build.run import also_built
from glue_jobs.lake import commit
from glue_jobs.lake.read import read_published_runs
from tests.support.job_builders import DAYS, config, current, run
from tests.support.rows import rows
from tests.support.spark_builders import entry, write_capture

pytestmark = pytest.mark.faults

FIRST, SECOND, THIRD = "20261109T000001Z", "20261109T000002Z", "20261109T000003Z"
A, B, C, D = entry("a"), entry("b", "Bo"), entry("c", "Cy"), entry("d", "Dee")


def capture(root, day, entries, chart_id="top", hour=6):
    write_capture(root, f"{DAYS[day - 1]}T{hour:02}:00:00Z", entries, chart_id=chart_id)


def build(spark, root, first, last, run_id):
    return run(spark, root, DAYS[first - 1], DAYS[last - 1], run_id)


def build_with_checkpoints(spark, root, first, last, run_id):
    """Build with a checkpoint after every run."""
    settings = config(root, DAYS[first - 1], DAYS[last - 1], run_id)
    job.run(spark, replace(settings, checkpoint_days=1))


def runs(spark, root):
    return list(read_published_runs(spark, f"s3://lake/{root.name}", DAYS).values())


def of_chart(spark, root, table, *columns):
    return rows(current(spark, root, table), "snapshot_date", "chart_id", *columns)


def test_later_days_are_rebuilt_if_they_show_a_changed_chart(spark, root):
    capture(root, 1, [A, B])
    capture(root, 1, [C, D], "other")
    capture(root, 2, [D, C], "other")
    capture(root, 3, [B, A])
    capture(root, 3, [C, D], "other")
    build(spark, root, 1, 3, FIRST)
    capture(root, 1, [C, B], hour=20)
    build(spark, root, 1, 1, SECOND)
    assert runs(spark, root) == [SECOND, FIRST, SECOND]
    trends = current(spark, root, "song_trends").where("chart_id = 'top'")
    assert rows(trends, "snapshot_date", "track_id", "previous_rank", "movement") == [
        (DAYS[0], "b", None, "debut"),
        (DAYS[0], "c", None, "debut"),
        (DAYS[2], "a", None, "debut"),
        (DAYS[2], "b", 2, "up"),
    ]


def test_a_rebuild_with_the_same_trends_leaves_later_days_alone(spark, root):
    capture(root, 1, [A, B])
    capture(root, 2, [B, A])
    build(spark, root, 1, 2, FIRST)
    capture(root, 1, [A, B], hour=20)
    build(spark, root, 1, 1, SECOND)
    assert runs(spark, root) == [SECOND, FIRST]


def test_a_chart_without_a_valid_capture_is_kept_beside_new_ones(spark, root):
    """A chart without a valid capture stays as published; the others are published again."""
    capture(root, 1, [A, B])
    capture(root, 1, [C, D], "other")
    build(spark, root, 1, 1, FIRST)
    shutil.rmtree(root / "raw")
    capture(root, 1, [A], hour=20)
    capture(root, 1, [D, A], "other", hour=20)
    assert build(spark, root, 1, 1, SECOND) == 1
    assert runs(spark, root) == [SECOND]
    assert of_chart(spark, root, "chart_entries", "rank", "track_id") == [
        (DAYS[0], "other", 1, "d"),
        (DAYS[0], "other", 2, "a"),
        (DAYS[0], "top", 1, "a"),
        (DAYS[0], "top", 2, "b"),
    ]
    assert of_chart(spark, root, "quarantine", "reason") == [
        (
            DAYS[0],
            "top",
            "The capture is held back: it has 1 entry and needs 2; "
            "it has 1 entry and needs 2, four fifths of the published entries.",
        )
    ]


def test_a_rebuild_drops_what_no_chart_shows_any_more(spark, root):
    """Tracks, albums and artists that no chart shows are dropped; those of kept charts stay."""
    capture(root, 1, [A, B])
    capture(root, 1, [C, D], "other")
    build(spark, root, 1, 1, FIRST)
    shutil.rmtree(root / "raw")
    capture(root, 1, [D, A], "other", hour=20)
    assert build(spark, root, 1, 1, SECOND) == 0
    assert rows(current(spark, root, "tracks"), "track_id") == [("a",), ("b",), ("d",)]
    assert rows(current(spark, root, "albums"), "album_id") == [
        ("album of a",),
        ("album of b",),
        ("album of d",),
    ]
    assert rows(current(spark, root, "artists"), "artist_id") == [("Ana",), ("Bo",), ("Dee",)]
    assert rows(current(spark, root, "track_artists"), "track_id", "artist_id") == [
        ("a", "Ana"),
        ("b", "Bo"),
        ("d", "Dee"),
    ]


def test_a_weekly_chart_read_daily_has_one_edition_a_week(spark, root):
    for number in range(5, 13):
        shown = [A, B] if number < 12 else [B, C]
        at = f"2026-10-{number:02}T06:00:00Z"
        write_capture(root, at, shown, chart_id="weekly", cadence="weekly")
    run(spark, root, DAYS[0].replace(day=5), DAYS[0].replace(day=12), FIRST)
    snapshots = current(spark, root, "chart_snapshots")
    assert [repeats for _, repeats in rows(snapshots, "snapshot_date", "is_repeat")] == [
        *(False, True, True, True, True, True, True),
        False,
    ]
    trends = current(spark, root, "song_trends")
    assert rows(trends, "snapshot_date", "track_id", "previous_rank", "days_on_chart") == [
        (DAYS[0].replace(day=5), "a", None, 1),
        (DAYS[0].replace(day=5), "b", None, 1),
        (DAYS[0].replace(day=12), "b", 2, 2),
        (DAYS[0].replace(day=12), "c", None, 1),
    ]


def test_the_last_of_several_captures_of_a_day_is_its_chart(spark, root):
    capture(root, 1, [A, B], hour=6)
    capture(root, 1, [C, A], hour=18)
    capture(root, 1, [B, D], hour=12)
    build(spark, root, 1, 1, FIRST)
    assert of_chart(spark, root, "song_trends", "rank", "track_id") == [
        (DAYS[0], "top", 1, "c"),
        (DAYS[0], "top", 2, "a"),
    ]


def test_a_published_chart_missing_from_the_captures_is_kept(spark, root):
    capture(root, 1, [A, B])
    capture(root, 1, [C, D], "other")
    capture(root, 2, [B, A])
    build(spark, root, 1, 2, FIRST)
    shutil.rmtree(root / "raw/playlists/dt=2026-10-01/chart=top")
    assert build(spark, root, 1, 1, SECOND) == 0
    assert runs(spark, root) == [SECOND, FIRST]
    assert of_chart(spark, root, "song_trends", "track_id", "days_on_chart") == [
        (DAYS[0], "other", "c", 1),
        (DAYS[0], "other", "d", 1),
        (DAYS[0], "top", "a", 1),
        (DAYS[0], "top", "b", 1),
        (DAYS[1], "top", "a", 2),
        (DAYS[1], "top", "b", 2),
    ]


CORRECTED = [
    (DAYS[0], "b", 1, "debut"),
    (DAYS[0], "c", 1, "debut"),
    (DAYS[1], "a", 1, "debut"),
    (DAYS[1], "b", 2, "down"),
    (DAYS[2], "a", 2, "same"),
    (DAYS[2], "c", 2, "re_entry"),
]


@pytest.fixture(scope="module")
def corrected(spark, lake_folder):
    """Publish two days, then the first again by a run that leaves no checkpoint."""
    root = lake_folder / "corrected"
    capture(root, 1, [A, B])
    capture(root, 2, [A, B])
    build_with_checkpoints(spark, root, 1, 1, FIRST)
    build_with_checkpoints(spark, root, 2, 2, SECOND)
    capture(root, 1, [B, C], hour=20)
    build(spark, root, 1, 1, THIRD)
    capture(root, 3, [A, C])
    return root


def trends_of(spark, root):
    columns = ["snapshot_date", "track_id", "days_on_chart", "movement"]
    return rows(current(spark, root, "song_trends"), *columns)


@pytest.mark.fault(
    table="job",
    what="a checkpoint is stale",
    how="an earlier day is corrected",
    then="the checkpoint is not used; the rows are correct",
)
def test_a_checkpoint_is_stale_after_an_earlier_day_was_corrected(spark, root, corrected):
    shutil.copytree(corrected, root, dirs_exist_ok=True)
    build_with_checkpoints(spark, root, 3, 3, "20261109T000004Z")
    assert trends_of(spark, root) == CORRECTED


@pytest.mark.fault(
    table="job",
    what="every checkpoint is deleted",
    how="their folder is removed",
    then="the same rows",
)
def test_a_lake_without_checkpoints_gives_the_same_rows(spark, root, corrected):
    shutil.copytree(corrected, root, dirs_exist_ok=True)
    shutil.rmtree(root / "state")
    build_with_checkpoints(spark, root, 3, 3, "20261109T000004Z")
    assert trends_of(spark, root) == CORRECTED


def test_a_killed_rebuild_changes_nothing_and_the_next_run_recovers(spark, root, monkeypatch):
    capture(root, 1, [A, B])
    capture(root, 2, [B, A])
    build_with_checkpoints(spark, root, 1, 2, FIRST)
    before = trends_of(spark, root)
    capture(root, 1, [C, B], hour=20)
    with monkeypatch.context() as patch:
        patch.setattr(commit, "commit", lambda *_: (_ for _ in ()).throw(OSError))
        with pytest.raises(OSError):
            build_with_checkpoints(spark, root, 1, 1, SECOND)
    assert (root / f"curated/song_trends/dt=2026-10-01/run={SECOND}").exists()
    assert trends_of(spark, root) == before
    build_with_checkpoints(spark, root, 1, 1, THIRD)
    assert runs(spark, root) == [THIRD, THIRD]
    assert trends_of(spark, root) == [
        (DAYS[0], "b", 1, "debut"),
        (DAYS[0], "c", 1, "debut"),
        (DAYS[1], "a", 1, "debut"),
        (DAYS[1], "b", 2, "up"),
    ]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (0, "0 later days depend on these and are built too."),
        (1, "1 later day depends on these and is built too."),
        (2, "2 later days depend on these and are built too."),
    ],
)
def test_dependent_days_that_are_rebuilt_are_counted(days, sentence):
    assert also_built(days) == sentence
