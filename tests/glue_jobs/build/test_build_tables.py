"""The job end to end on `s3://` paths: what is published, by which run, and what never is."""

from contextlib import nullcontext

import pytest

from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from glue_jobs import build_tables
from glue_jobs.job.errors import JobError
from glue_jobs.lake import commit
from glue_jobs.lake.read import read_published_runs
from tests.support.job_builders import DAYS, current, run, write_month
from tests.support.rows import rows
from tests.support.spark_builders import entry, write_capture, write_raw

pytestmark = pytest.mark.faults


def test_the_trends_of_a_month_are_right(spark, month):
    trends = current(spark, month, "song_trends").where("chart_id = 'top'")
    assert rows(
        trends, "snapshot_date", "track_id", "rank", "previous_rank", "days_on_chart", "movement"
    ) == [
        (DAYS[0], "a", 1, None, 1, "debut"),
        (DAYS[0], "b", 2, None, 1, "debut"),
        (DAYS[0], "c", 3, None, 1, "debut"),
        (DAYS[1], "a", 2, 1, 2, "down"),
        (DAYS[1], "b", 1, 2, 2, "up"),
        (DAYS[1], "c", 3, 3, 2, "same"),
        (DAYS[3], "a2", 1, 2, 3, "up"),
        (DAYS[3], "b", 4, 1, 3, "down"),
        (DAYS[3], "d", 3, None, 1, "debut"),
    ]
    exits = current(spark, month, "chart_exits")
    assert rows(exits, "snapshot_date", "chart_id", "track_id", "last_charted_on") == [
        (DAYS[3], "top", "c", DAYS[1])
    ]


def test_splitting_days_over_runs_or_repeating_one_changes_nothing(spark, month, root):
    write_month(root)
    run(spark, root, DAYS[0], DAYS[1], "20261009T000001Z")
    run(spark, root, DAYS[2], DAYS[3], "20261009T000002Z")
    run(spark, root, DAYS[1], DAYS[1], "20261009T000003Z")
    assert read_published_runs(spark, f"s3://lake/{root.name}", DAYS) == {
        DAYS[0]: "20261009T000001Z",
        DAYS[1]: "20261009T000003Z",
        DAYS[2]: "20261009T000002Z",
        DAYS[3]: "20261009T000002Z",
    }
    for table in TABLES:
        if table.name not in ("quarantine", LOAD_MANIFEST.name):
            once, again = current(spark, month, table.name), current(spark, root, table.name)
            assert rows(again, *again.columns) == rows(once, *once.columns), table.name
    both = spark.read.parquet(f"s3://lake/{root.name}/curated/chart_entries/dt=2026-10-02/*")
    assert rows(both.groupBy("run_id").count(), "run_id", "count") == [
        ("20261009T000001Z", 3),
        ("20261009T000003Z", 3),
    ]


def test_the_manifest_counts_every_table_of_every_day(spark, month):
    manifest = spark.read.parquet(f"s3://lake/{month.name}/curated/load_manifest/*/*")
    counts = manifest.where("snapshot_date = '2026-10-04'")
    assert dict(rows(counts, "table_name", "row_count")) == {
        "chart_snapshots": 2,
        "chart_entries": 5,
        "tracks": 3,
        "albums": 3,
        "artists": 2,
        "track_artists": 4,
        "song_trends": 5,
        "chart_exits": 1,
        "artist_trends": 4,
        "chart_summary": 2,
        "quarantine": 0,
        "quality_results": 8,
    }


def test_a_late_capture_updates_every_dependent_day(spark, root):
    """A late capture of an old day changes every day that depends on it."""
    write_capture(root, "2026-10-01T06:00:00Z", [entry("a"), entry("b")])
    write_capture(root, "2026-10-02T06:00:00Z", [entry("b"), entry("a")])
    run(spark, root, DAYS[0], DAYS[1], "20261009T000001Z")
    write_capture(root, "2026-10-01T20:00:00Z", [entry("c"), entry("b")])
    run(spark, root, DAYS[0], DAYS[0], "20261009T000002Z")
    trends = current(spark, root, "song_trends")
    assert rows(trends, "snapshot_date", "track_id", "previous_rank", "movement") == [
        (DAYS[0], "b", None, "debut"),
        (DAYS[0], "c", None, "debut"),
        (DAYS[1], "a", None, "debut"),
        (DAYS[1], "b", 2, "up"),
    ]


def test_a_run_killed_before_its_manifest_does_not_exist(spark, root, monkeypatch):
    place = f"s3://lake/{root.name}"
    write_capture(root, "2026-10-01T06:00:00Z", [entry("a"), entry("b")])
    with monkeypatch.context() as patch:
        patch.setattr(commit, "commit", lambda *_: (_ for _ in ()).throw(OSError))
        with pytest.raises(OSError):
            run(spark, root, DAYS[0], DAYS[0], "20261009T000001Z")
    assert list((root / "curated/song_trends/dt=2026-10-01").iterdir())
    assert read_published_runs(spark, place, DAYS) == {}
    run(spark, root, DAYS[0], DAYS[0], "20261009T000002Z")
    assert read_published_runs(spark, place, DAYS) == {DAYS[0]: "20261009T000002Z"}
    assert rows(current(spark, root, "song_trends"), "track_id", "movement") == [
        ("a", "debut"),
        ("b", "debut"),
    ]


@pytest.mark.fault(
    table="job",
    what="a raw file is not valid JSON",
    how="such a file beside valid ones",
    then="it is in quarantine, and the others are published",
)
def test_an_invalid_json_file_is_named_and_the_others_are_published(
    spark, root, caplog, monkeypatch
):
    caplog.set_level("INFO", "build_tables")
    monkeypatch.setattr(build_tables, "job_session", lambda *_: nullcontext(spark))
    write_capture(root, "2026-10-01T06:00:00Z", [entry("a"), entry("b")])
    key = "raw/playlists/dt=2026-10-01/chart=broken/20261001T060000000000Z.json"
    write_raw(root / key, "<html>Bad gateway</html>")
    place = f"s3://lake/{root.name}"
    roots = ["--raw-root", place, "--curated-root", place]
    with pytest.raises(SystemExit) as ended:
        build_tables.main([*roots, "--start-date", DAYS[0].isoformat()])
    assert ended.value.code == "1 raw file could not be used and is in quarantine; see above."
    assert f"{key}: The file is not a capture in JSON." in caplog.messages
    told = [" ".join(message.split()) for message in caplog.messages]
    assert {"chart_entries 2 rows", "quarantine 1 row", "chart_exits 0 rows"} < {*told}
    assert rows(current(spark, root, "chart_entries"), "chart_id", "track_id") == [
        ("top", "a"),
        ("top", "b"),
    ]
    assert rows(current(spark, root, "quarantine"), "source_file", "record") == [
        (key, "<html>Bad gateway</html>")
    ]


def test_days_without_a_capture_give_one_error_message(spark, root):
    with pytest.raises(
        JobError, match="No raw captures of 2026-10-01 to 2026-10-02 were found under"
    ):
        run(spark, root, DAYS[0], DAYS[1], "20261009T000001Z")
    assert not (root / "curated").exists()


def shown(spark, root):
    tables = ["chart_entries", "tracks", "albums", "artists", "track_artists", "song_trends"]
    frames = {name: current(spark, root, name) for name in tables}
    return {name: rows(frame, *frame.columns) for name, frame in frames.items()}


def test_a_published_day_that_lost_its_captures_is_kept(spark, root):
    write_capture(root, "2026-10-01T06:00:00Z", [entry("a"), entry("b")])
    write_capture(root, "2026-10-02T06:00:00Z", [entry("b"), entry("a")])
    run(spark, root, DAYS[0], DAYS[1], "20261009T000001Z")
    before = shown(spark, root)
    (root / "raw/playlists/dt=2026-10-02").rename(root / "elsewhere")
    assert run(spark, root, DAYS[0], DAYS[1], "20261009T000002Z") == 0
    assert shown(spark, root) == before


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (1, "1 raw file could not be used and is in quarantine; see above."),
        (2, "2 raw files could not be used and are in quarantine; see above."),
    ],
)
def test_unusable_raw_files_are_counted(files, sentence):
    assert build_tables.left_out(files) == sentence
