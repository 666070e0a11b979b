"""What a prune removes and what it never touches: literal listings in, literal decisions out."""

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
from glue_jobs.prune.rules import Removal, Rules
from glue_jobs.prune.run_folders import find_folders
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
    """Kind and address, less what all of them share, in the order of removal."""
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


def test_replaced_runs_go_oldest_first_and_the_manifest_of_each_last():
    assert of_runs(run(C), run(A), run(B)) == whole(SUPERSEDED, A, B)


def test_the_current_run_of_a_day_never_goes():
    assert of_runs(run(A)) == []
    assert of_runs(run(A), grace=0) == []
    assert of_runs(run(A), run(B, day="dt=2026-10-02"), run(C, day="dt=2026-10-03")) == []


def test_the_newest_replaced_runs_can_be_kept():
    assert of_runs(run(A), run(B), run(C), keep=1) == whole(SUPERSEDED, A)
    assert of_runs(run(A), run(B), run(C), keep=2) == []
    assert of_runs(run(A), run(B), run(C), keep=9) == []


def test_a_run_stays_until_the_one_that_replaced_it_is_older_than_the_grace():
    assert of_runs(run(A), run(YOUNG)) == []
    assert of_runs(run(A), run(YOUNG), grace=47) == whole(SUPERSEDED, A)


def test_each_run_counts_from_the_next_newer_one_and_not_from_the_current_one():
    assert of_runs(run(A), run(B), run(YOUNG)) == whole(SUPERSEDED, A)


def test_what_a_run_left_that_never_published_goes_after_the_grace_newer_or_older():
    dead = [run(A, tables="tracks"), run(C, tables="tracks")]
    assert of_runs(*dead, run(B)) == [(UNPUBLISHED, f"tracks/{A}"), (UNPUBLISHED, f"tracks/{C}")]
    assert of_runs(run(B), run(YOUNG, tables="tracks")) == []


def test_a_run_that_published_one_day_and_not_another_is_judged_day_by_day():
    other = run(B, day="dt=2026-10-02", tables="tracks")
    assert of_runs(run(A), run(B), other) == [
        *whole(SUPERSEDED, A),
        (UNPUBLISHED, f"tracks/dt=2026-10-02/run={B}"),
    ]


def test_a_manifest_that_was_never_finished_makes_no_run_current():
    unfinished = {f"s3://lake/curated/load_manifest/{DAY}/run={C}/_temporary": 0}
    assert of_runs(run(A), unfinished) == [(UNPUBLISHED, f"load_manifest/{C}")]


def test_a_run_of_which_only_the_manifest_is_left_is_still_replaced():
    assert of_runs(run(A, tables="load_manifest"), run(B)) == [(SUPERSEDED, f"load_manifest/{A}")]


@pytest.mark.parametrize("name", ["by-hand", "20261301T060000Z", "20261101T060000Z-a b", "0"])
def test_a_run_whose_name_is_no_instant_stays_and_is_said(name):
    assert of_runs(run(name)) == []
    removed = of_runs(run(name), run(A), run(B), run(C))
    assert [address for _, address in removed if address.endswith(f"/{name}")] == []
    assert of_runs(run(name, tables="tracks"), run(B)) == []
    assert left_alone(find_folders(run(name), CURATED)) == [
        f"Run {name} is left alone: its name is no instant like 20261120T060000Z"
        " (2026-10-01 to 2026-10-01)."
    ]


def test_a_run_that_one_without_an_instant_replaced_stays():
    assert of_runs(run(A), run(B), run("by-hand")) == whole(SUPERSEDED, A)


def test_a_run_that_holds_what_spark_did_not_write_stays_and_is_said():
    note = {f"s3://lake/curated/tracks/{DAY}/run={A}/why.txt": 1}
    assert of_runs(run(A), note, run(B)) == []
    assert left_alone(find_folders(run(A) | note, CURATED)) == [
        f"Run {A} is left alone: it holds why.txt, which Spark did not write"
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
def test_what_is_not_ours_is_not_even_seen(name):
    assert find_folders({name: 1}, CURATED) == []


def test_the_newest_whole_checkpoints_stay_and_the_others_go():
    listing = [checkpoint(A), checkpoint(B), checkpoint(C)]
    assert of_checkpoints(*listing) == []
    assert of_checkpoints(*listing, keep=1) == point(OLD, A, B)


def test_a_checkpoint_goes_only_when_those_that_replace_it_are_older_than_the_grace():
    assert of_checkpoints(checkpoint(A), checkpoint(YOUNG), keep=1) == []


def test_newest_is_the_day_that_a_checkpoint_sums_up_and_not_when_it_was_written():
    later = checkpoint(A, day="dt=2026-10-09")
    assert of_checkpoints(checkpoint(B), later, keep=1) == point(OLD, B)


def test_a_stale_checkpoint_goes_and_counts_for_nothing():
    listing = [checkpoint(A), checkpoint(A, day="dt=2026-09-01"), mark(B)]
    earlier = f"dt=2026-09-01/run={A}"
    assert of_checkpoints(*listing, keep=1) == point(STALE, A)
    assert of_checkpoints(checkpoint(A, day="dt=2026-09-01"), mark(B, day="dt=2026-09-01")) == [
        *point(STALE, earlier),
        (MARK, f"rebuilt/dt=2026-09-01/run={B}"),
    ]


def test_a_checkpoint_that_became_stale_within_the_grace_stays():
    assert of_checkpoints(checkpoint(A), mark(YOUNG)) == []


def test_an_unfinished_checkpoint_goes_after_the_grace():
    assert of_checkpoints(checkpoint(A, tables="song_trends"), checkpoint(B), keep=1) == [
        (UNFINISHED, f"song_trends/{A}")
    ]
    assert of_checkpoints(checkpoint(YOUNG, tables="song_trends")) == []


def test_a_mark_goes_after_the_last_checkpoint_from_before_it():
    assert of_checkpoints(mark(B), checkpoint(C)) == [(MARK, f"rebuilt/{B}")]
    assert of_checkpoints(mark(B), checkpoint(A)) == [*point(STALE, A), (MARK, f"rebuilt/{B}")]
    earlier = checkpoint(A, day="dt=2026-09-01")  # older than the mark, and still believed
    assert of_checkpoints(mark(B), earlier, checkpoint(C)) == []
    assert of_checkpoints(mark(YOUNG)) == []


def test_a_mark_stays_with_a_stale_checkpoint_that_is_left_alone():
    note = {f"s3://lake/state/song_trends/{DAY}/run={A}/why.txt": 1}
    assert of_checkpoints(checkpoint(A), note, mark(B)) == []


def test_what_a_run_was_about_to_publish_goes_when_it_has_and_before_the_word_that_it_has():
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


def test_the_summary_of_one_folder_of_one_file_of_one_byte_is_in_the_singular():
    name = f"s3://lake/curated/tracks/{DAY}/run={A}/part-0.snappy.parquet"
    one = Removal("superseded run", find_folders({name: 1}, CURATED)[0])
    assert [" ".join(line.split()) for line in summary([one])] == [
        "superseded run tracks 1 folder 1 file 1 byte",
        "all 1 folder 1 file 1 byte",
    ]


def test_the_summary_of_no_folder_is_in_the_plural():
    assert [" ".join(line.split()) for line in summary([])] == ["all 0 folders 0 files 0 bytes"]


@pytest.mark.parametrize(
    ("folders", "killed", "going_on", "done"),
    [
        (
            0,
            "0 folders of writes that were killed",
            "Removed 0 of 0 folders.",
            "Removed 0 folders.",
        ),
        (1, "1 folder of writes that were killed", "Removed 0 of 1 folder.", "Removed 1 folder."),
        (
            2,
            "2 folders of writes that were killed",
            "Removed 0 of 2 folders.",
            "Removed 2 folders.",
        ),
    ],
)
def test_the_folders_of_a_prune_are_counted(folders, killed, going_on, done):
    told = (writes_killed(folders), progress(0, folders), removed(folders))
    assert told == (killed, going_on, done)


def test_the_instant_of_a_run_is_in_its_name():
    assert instant_of("20261120T060000Z-abc123") == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert instant_of("20261120T060000Z") == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert instant_of("20261120T060000Z-") is None


def test_arguments_say_nothing_of_deleting_unless_told():
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
def test_glue_gives_every_argument_a_value(given, deletes):
    assert parse_arguments(["--curated-root", "s3://lake", *given], NOW).delete is deletes


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--delete", "no"], "'no' is neither true nor false"),
        (["--keep-runs", "-1"], "--keep-runs"),
        (["--keep-checkpoints", "0"], "'0' is not a whole number from 1 to 100000"),
        (["--grace-hours", "1.5"], "'1.5' is not a whole number from 0 to 100000"),
        (["--grace-hours", "9999999"], "'9999999' is not a whole number"),
        (["--del"], "unknown arguments: --del"),
    ],
)
def test_wrong_arguments_end_with_one_sentence_and_code_2(given, sentence, capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--curated-root", "s3://lake", *given], NOW)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err.splitlines()[-1]
