"""What a prune deletes and what it keeps: literal listings in, literal decisions out."""

from datetime import UTC, datetime, timedelta

import pytest

from chartlake.contract.paths import instant_of
from glue_jobs.prune.arguments import parse_arguments
from glue_jobs.prune.old_checkpoints import (
    COMMIT,
    MARK,
    OLD,
    STALE,
    UNFINISHED,
    checkpoints_to_remove,
)
from glue_jobs.prune.run_folders import Removal, Rules, find_folders
from glue_jobs.prune.summary import left_alone, progress, removed, summary, writes_killed
from glue_jobs.prune.superseded import SUPERSEDED, UNPUBLISHED, runs_to_remove
from glue_jobs.prune_runs import CURATED, STATE

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
DAY = "dt=2026-10-01"
A, B, C = "20261101T060000Z-a", "20261102T060000Z-b", "20261103T060000Z-c"
YOUNG = "20261118T060000Z-y"  # of just the 48 hours that a prune leaves alone


def rules(keep_runs: int = 0, keep_checkpoints: int = 12, grace_hours: int = 48) -> Rules:
    return Rules(NOW, timedelta(hours=grace_hours), keep_runs, keep_checkpoints)


def run(run_id: str, day: str = DAY, tables: str = "tracks load_manifest") -> dict[str, int]:
    return {
        f"s3://lake/curated/{table}/{day}/run={run_id}/part-0.snappy.parquet": 100
        for table in tables.split()
    }


def checkpoint(
    run_id: str, day: str = DAY, tables: str = "song_trends chart_snapshots"
) -> dict[str, int]:
    return {
        name.replace("/curated/", "/state/"): size
        for name, size in run(run_id, day, tables).items()
    }


def mark(run_id: str, day: str = DAY) -> dict[str, int]:
    return checkpoint(run_id, day, "rebuilt")


def decided(removals: list[Removal]) -> list[tuple[str, str]]:
    """Kind and path, without the common prefix, in the order of deletion."""
    short = ((r.kind, r.folder.uri.split("/", 4)[4].replace(f"{DAY}/run=", "")) for r in removals)
    return list(short)


def of_runs(*listings: dict[str, int], keep: int = 0, grace: int = 48) -> list[tuple[str, str]]:
    listing = {name: size for part in listings for name, size in part.items()}
    folders = find_folders(listing, CURATED)
    return decided(runs_to_remove(folders, rules(keep_runs=keep, grace_hours=grace)))


def of_checkpoints(*listings: dict[str, int], keep: int = 12) -> list[tuple[str, str]]:
    listing = {name: size for part in listings for name, size in part.items()}
    return decided(
        checkpoints_to_remove(find_folders(listing, STATE), rules(keep_checkpoints=keep))
    )


def whole(kind: str, *run_ids: str) -> list[tuple[str, str]]:
    return [(kind, f"{table}/{r}") for r in run_ids for table in ("tracks", "load_manifest")]


def point(kind: str, *run_ids: str) -> list[tuple[str, str]]:
    return [(kind, f"{table}/{r}") for r in run_ids for table in ("chart_snapshots", "song_trends")]


def test_superseded_runs_go_oldest_first_and_their_manifests_last():
    assert of_runs(run(C), run(A), run(B)) == whole(SUPERSEDED, A, B)


def test_the_current_run_of_a_day_is_never_deleted():
    assert of_runs(run(A)) == []
    assert of_runs(run(A), grace=0) == []
    assert of_runs(run(A), run(B, day="dt=2026-10-02"), run(C, day="dt=2026-10-03")) == []


def test_the_newest_superseded_runs_can_be_kept():
    assert of_runs(run(A), run(B), run(C), keep=1) == whole(SUPERSEDED, A)
    assert of_runs(run(A), run(B), run(C), keep=2) == []
    assert of_runs(run(A), run(B), run(C), keep=9) == []


def test_a_run_is_kept_until_its_successor_is_older_than_the_grace():
    """A run stays until the run that superseded it is older than the grace period."""
    assert of_runs(run(A), run(YOUNG)) == []
    assert of_runs(run(A), run(YOUNG), grace=47) == whole(SUPERSEDED, A)


def test_the_grace_of_a_run_starts_with_the_next_newer_run():
    """The grace period of a run starts with the next newer run, not with the current one."""
    assert of_runs(run(A), run(B), run(YOUNG)) == whole(SUPERSEDED, A)


def test_files_of_an_unpublished_run_are_deleted_after_the_grace():
    """Files of a run that never published are deleted after the grace period, newer or older."""
    dead = [run(A, tables="tracks"), run(C, tables="tracks")]
    assert of_runs(*dead, run(B)) == [(UNPUBLISHED, f"tracks/{A}"), (UNPUBLISHED, f"tracks/{C}")]
    assert of_runs(run(B), run(YOUNG, tables="tracks")) == []


def test_a_partly_published_run_is_judged_day_by_day():
    """A run that published one day and not another is judged day by day."""
    other = run(B, day="dt=2026-10-02", tables="tracks")
    assert of_runs(run(A), run(B), other) == [
        *whole(SUPERSEDED, A),
        (UNPUBLISHED, f"tracks/dt=2026-10-02/run={B}"),
    ]


def test_an_unfinished_manifest_makes_no_run_current():
    unfinished = {f"s3://lake/curated/load_manifest/{DAY}/run={C}/_temporary": 0}
    assert of_runs(run(A), unfinished) == [(UNPUBLISHED, f"load_manifest/{C}")]


def test_a_run_with_only_a_manifest_left_is_still_superseded():
    assert of_runs(run(A, tables="load_manifest"), run(B)) == [(SUPERSEDED, f"load_manifest/{A}")]


@pytest.mark.parametrize("name", ["by-hand", "20261301T060000Z", "20261101T060000Z-a b", "0"])
def test_a_run_with_an_unparseable_id_is_kept_and_reported(name):
    assert of_runs(run(name)) == []
    removed = of_runs(run(name), run(A), run(B), run(C))
    assert [address for _, address in removed if address.endswith(f"/{name}")] == []
    assert of_runs(run(name, tables="tracks"), run(B)) == []
    assert left_alone(find_folders(run(name), CURATED)) == [
        f"Run {name} is skipped: its name is not a timestamp like 20261120T060000Z"
        " (2026-10-01 to 2026-10-01)."
    ]


def test_a_run_superseded_by_an_unparseable_id_is_kept():
    assert of_runs(run(A), run(B), run("by-hand")) == whole(SUPERSEDED, A)


def test_a_run_with_foreign_files_is_kept_and_reported():
    note = {f"s3://lake/curated/tracks/{DAY}/run={A}/why.txt": 1}
    assert of_runs(run(A), note, run(B)) == []
    assert left_alone(find_folders(run(A) | note, CURATED)) == [
        f"Run {A} is skipped: it contains why.txt, which Spark did not write"
        " (2026-10-01 to 2026-10-01)."
    ]


@pytest.mark.parametrize(
    "name",
    [
        f"s3://lake/curated/my_own/{DAY}/run={A}/part-0.snappy.parquet",
        f"s3://lake/curated/tracks/dt=2026-02-30/run={A}/part-0.snappy.parquet",
        f"s3://lake/curated/tracks/dt=all/run={A}/part-0.snappy.parquet",
        f"s3://lake/curated/tracks/{DAY}/{A}/part-0.snappy.parquet",
        f"s3://lake/curated/tracks/{DAY}/run={A}/deep/part-0.snappy.parquet",
    ],
)
def test_foreign_files_are_ignored(name):
    assert find_folders({name: 1}, CURATED) == []


def test_the_newest_complete_checkpoints_stay_and_others_are_deleted():
    listing = [checkpoint(A), checkpoint(B), checkpoint(C)]
    assert of_checkpoints(*listing) == []
    assert of_checkpoints(*listing, keep=1) == point(OLD, A, B)


def test_a_checkpoint_is_kept_until_its_successors_outlast_the_grace():
    """A checkpoint goes only when those that replace it are older than the grace period."""
    assert of_checkpoints(checkpoint(A), checkpoint(YOUNG), keep=1) == []


def test_checkpoints_are_ordered_by_day_not_by_time_of_writing():
    """The newest checkpoint is that of the latest day, not the one written last."""
    later = checkpoint(A, day="dt=2026-10-09")
    assert of_checkpoints(checkpoint(B), later, keep=1) == point(OLD, B)


def test_a_stale_checkpoint_is_deleted_and_not_counted():
    listing = [checkpoint(A), checkpoint(A, day="dt=2026-09-01"), mark(B)]
    earlier = f"dt=2026-09-01/run={A}"
    assert of_checkpoints(*listing, keep=1) == point(STALE, A)
    assert of_checkpoints(checkpoint(A, day="dt=2026-09-01"), mark(B, day="dt=2026-09-01")) == [
        *point(STALE, earlier),
        (MARK, f"rebuilt/dt=2026-09-01/run={B}"),
    ]


def test_a_checkpoint_that_became_stale_within_the_grace_is_kept():
    assert of_checkpoints(checkpoint(A), mark(YOUNG)) == []


def test_an_unfinished_checkpoint_is_deleted_after_the_grace():
    assert of_checkpoints(checkpoint(A, tables="song_trends"), checkpoint(B), keep=1) == [
        (UNFINISHED, f"song_trends/{A}")
    ]
    assert of_checkpoints(checkpoint(YOUNG, tables="song_trends")) == []


def test_a_marker_is_deleted_after_the_last_older_checkpoint():
    assert of_checkpoints(mark(B), checkpoint(C)) == [(MARK, f"rebuilt/{B}")]
    assert of_checkpoints(mark(B), checkpoint(A)) == [*point(STALE, A), (MARK, f"rebuilt/{B}")]
    earlier = checkpoint(A, day="dt=2026-09-01")  # older than the mark, and still believed
    assert of_checkpoints(mark(B), earlier, checkpoint(C)) == []
    assert of_checkpoints(mark(YOUNG)) == []


def test_a_marker_is_kept_with_a_stale_checkpoint_that_is_kept():
    note = {f"s3://lake/state/song_trends/{DAY}/run={A}/why.txt": 1}
    assert of_checkpoints(checkpoint(A), note, mark(B)) == []


def test_a_finished_publication_is_deleted_before_its_completion_marker():
    """A run's list of what it publishes goes once that is done, and before its marker."""
    begun, done = checkpoint(A, tables="publishing"), checkpoint(A, tables="published")
    assert of_checkpoints(begun) == []
    assert of_checkpoints(begun, checkpoint(B, tables="published")) == [(COMMIT, f"published/{B}")]
    assert of_checkpoints(begun, done) == [
        (COMMIT, f"publishing/{A}"),
        (COMMIT, f"published/{A}"),
    ]
    young = checkpoint(YOUNG, tables="publishing published")
    assert of_checkpoints(young) == []


def test_the_summary_counts_by_kind_and_table():
    listing = run(A) | run(B) | run(C) | run(YOUNG, day="dt=2026-10-02")
    big = {f"s3://lake/curated/tracks/{DAY}/run={A}/part-1.snappy.parquet": 3 * 1024**2}
    removals = runs_to_remove(find_folders(listing | big, CURATED), rules())
    assert [" ".join(line.split()) for line in summary(removals)] == [
        "superseded run load_manifest 2 folders 2 files 200 bytes",
        "superseded run tracks 2 folders 3 files 3.0 MiB",
        "all 4 folders 5 files 3.0 MiB",
    ]


def test_a_summary_of_one_is_in_the_singular():
    """The summary of one folder with one file of one byte is in the singular."""
    name = f"s3://lake/curated/tracks/{DAY}/run={A}/part-0.snappy.parquet"
    one = Removal("superseded run", find_folders({name: 1}, CURATED)[0])
    assert [" ".join(line.split()) for line in summary([one])] == [
        "superseded run tracks 1 folder 1 file 1 byte",
        "all 1 folder 1 file 1 byte",
    ]


def test_a_summary_of_none_is_in_the_plural():
    assert [" ".join(line.split()) for line in summary([])] == ["all 0 folders 0 files 0 bytes"]


@pytest.mark.parametrize(
    ("folders", "killed", "going_on", "done"),
    [
        (
            0,
            "0 folders of interrupted writes",
            "Removed 0 of 0 folders.",
            "Removed 0 folders.",
        ),
        (1, "1 folder of interrupted writes", "Removed 0 of 1 folder.", "Removed 1 folder."),
        (
            2,
            "2 folders of interrupted writes",
            "Removed 0 of 2 folders.",
            "Removed 2 folders.",
        ),
    ],
)
def test_the_folders_of_a_prune_are_counted(folders, killed, going_on, done):
    told = (writes_killed(folders), progress(0, folders), removed(folders))
    assert told == (killed, going_on, done)


def test_the_timestamp_of_a_run_is_in_its_name():
    assert instant_of("20261120T060000Z-abc123") == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert instant_of("20261120T060000Z") == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert instant_of("20261120T060000Z-") is None


def test_nothing_is_deleted_by_default():
    config = parse_arguments(["--curated-root", "s3://lake/"], NOW)
    assert (config.curated_root, config.delete, config.rules) == ("s3://lake", False, rules())


@pytest.mark.parametrize(
    ("given", "deletes"),
    [
        (["--delete"], True),
        (["--delete", "true", "--JOB_NAME", "n"], True),
        (["--delete", "--JOB_NAME", "n"], True),
        (["--delete", "false", "--JOB_NAME", "n"], False),
    ],
)
def test_glue_passes_a_value_for_every_argument(given, deletes):
    assert parse_arguments(["--curated-root", "s3://lake", *given], NOW).delete is deletes


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--delete", "no"], "'no' must be true or false"),
        (["--keep-runs", "-1"], "--keep-runs"),
        (["--keep-checkpoints", "0"], "'0' is not a whole number from 1 to 100000"),
        (["--grace-hours", "1.5"], "'1.5' is not a whole number from 0 to 100000"),
        (["--grace-hours", "9999999"], "'9999999' is not a whole number"),
        (["--del"], "unknown arguments: --del"),
    ],
)
def test_invalid_arguments_exit_with_code_2_and_one_error_message(given, sentence, capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--curated-root", "s3://lake", *given], NOW)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err.splitlines()[-1]
