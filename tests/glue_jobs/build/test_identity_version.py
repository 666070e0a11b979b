"""A lake that an older version of song identity built: tests/glue_jobs/build/lakes/identity_1.zip.

It has three days of a playlist and a chart file, and was published a day at a time. Its ids split
songs that were renamed, and join songs whose Thai titles differ in a vowel sign.
"""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from chartlake.contract.tables import LOAD_MANIFEST
from glue_jobs.build import run as job
from glue_jobs.job.errors import JobError
from glue_jobs.lake import commit
from tests.glue_jobs.lake.test_commit import kill_between_manifests
from tests.support.job_builders import DAYS, config, current, run
from tests.support.rows import rows
from tests.support.spark_builders import entry, write_capture

OLD_LAKE = Path(__file__).parent / "lakes/identity_1.zip"
REBUILD, NEXT, AGAIN = "20261110T000001Z", "20261111T000001Z", "20261112T000001Z"

BANDYTA = "f520f9cd10340c92"  # printf 'bandyta\nsobel' | sha256sum | cut -c1-16
QUE_SOMOS = "c6dba49f86d9f55d"  # quesomos\nsech
CONSTANT = "82cb4b57aad03b80"  # constant\ncee
FLIRT = "a15771798ec47a98"  # จีบ\nโอ๋
KISS = "5ae6bb70185d69e5"  # จูบ\nโอ๋


@pytest.fixture
def old_lake(root):
    with zipfile.ZipFile(OLD_LAKE) as archive:
        archive.extractall(root)
    return root


def build(spark, root, first, last, run_id):
    charts_file = f"s3://lake/{root.name}/charts.toml"
    return run(spark, root, DAYS[first - 1], DAYS[last - 1], run_id, charts_file=charts_file)


def write_fourth_day(root):
    songs = [
        entry("c2", "Cee", name="Constant"),
        entry("a", "Sobel", "PSR", name="Bandyta"),
        entry("b3", "Sech", name="Que Somos (feat. Who)"),
    ]
    return write_capture(root, "2026-10-04T06:00:00Z", songs, expected_size=3)


def trends_of(spark, root):
    columns = ("chart_id", "song_id", "rank", "previous_rank", "days_on_chart", "streams")
    return [
        (day.day, *values)
        for day, *values in rows(current(spark, root, "song_trends"), "snapshot_date", *columns)
    ]


def published_files(root):
    return sorted(path for path in (root / "curated").rglob("*.parquet"))


REBUILT = [
    (1, "lk_daily", KISS, 2, None, 1, 400),
    (1, "lk_daily", FLIRT, 1, None, 1, 500),
    (1, "top", CONSTANT, 3, None, 1, None),
    (1, "top", QUE_SOMOS, 2, None, 1, None),
    (1, "top", BANDYTA, 1, None, 1, None),
    (2, "lk_daily", KISS, 2, 2, 2, 300),
    (2, "lk_daily", FLIRT, 1, 1, 2, 600),
    (2, "top", CONSTANT, 3, 3, 2, None),
    (2, "top", QUE_SOMOS, 2, 2, 2, None),
    (2, "top", BANDYTA, 1, 1, 2, None),
    (3, "lk_daily", KISS, 1, 2, 3, 700),
    (3, "lk_daily", FLIRT, 2, 1, 3, 600),
    (3, "top", CONSTANT, 2, 3, 3, None),
    (3, "top", QUE_SOMOS, 3, 2, 3, None),
    (3, "top", BANDYTA, 1, 1, 3, None),
]
"""snapshot_date's day, chart_id, song_id, rank, previous_rank, days_on_chart, streams."""


def test_a_day_is_not_built_on_a_lake_of_an_older_version(spark, old_lake):
    capture = write_fourth_day(old_lake)
    before = published_files(old_lake)
    with pytest.raises(JobError) as refused:
        build(spark, old_lake, 4, 4, NEXT)
    assert str(refused.value) == (
        "The lake has song identity version 1, but this program has version 2. Nothing is "
        "published until the lake is rebuilt with `chartlake build --from 2026-10-01 "
        "--to 2026-10-03 --lake folder`, or on AWS with `chartlake aws run … --from 2026-10-01 "
        "--to 2026-10-03 --backfill` (docs/upgrading.md)."
    )
    assert published_files(old_lake) == before
    assert capture.exists()


def test_a_checkpoint_of_an_older_version_is_not_used(spark, old_lake):
    write_fourth_day(old_lake)
    shutil.rmtree(old_lake / "curated/load_manifest/dt=2026-10-03")
    with pytest.raises(JobError, match="The lake has song identity version 1 and this program"):
        build(spark, old_lake, 4, 4, NEXT)


def test_a_run_over_all_published_days_rebuilds_the_lake(spark, old_lake):
    assert build(spark, old_lake, 1, 3, REBUILD) == 0
    assert trends_of(spark, old_lake) == REBUILT
    manifests = spark.read.schema(LOAD_MANIFEST.ddl).parquet(
        f"s3://lake/{old_lake.name}/curated/load_manifest/*/*"
    )
    versions = manifests.select("snapshot_date", "run_id", "identity_version").distinct()
    assert [row[1:] for row in rows(versions, "snapshot_date", "run_id", "identity_version")] == [
        *(("20261109T000000Z", None), (REBUILD, 2)),
        *(("20261109T000001Z", None), (REBUILD, 2)),
        *(("20261109T000002Z", None), (REBUILD, 2)),
    ]


def test_days_without_raw_files_are_rebuilt_from_published_tables(spark, old_lake, caplog):
    """Days without raw files are rebuilt from what was published, and named."""
    for kind in ("playlists", "charts_csv"):
        shutil.rmtree(old_lake / f"raw/{kind}/dt=2026-10-01")
    shutil.rmtree(old_lake / "raw/playlists/dt=2026-10-02")
    with caplog.at_level("INFO"):
        build(spark, old_lake, 1, 3, REBUILD)
    assert trends_of(spark, old_lake) == REBUILT
    assert [message for message in caplog.messages if "raw file" in message] == [
        "lk_daily, 2026-10-01: no usable raw file; rebuilt from the published titles and artists.",
        "top, 2026-10-01 to 2026-10-02: no usable raw file; rebuilt from the published "
        "titles and artists.",
    ]
    snapshots = current(spark, old_lake, "chart_snapshots").where("chart_id = 'top'")
    assert rows(snapshots, "snapshot_date", "entries", "null_entries") == [
        (DAYS[0], 3, 1),
        (DAYS[1], 3, 0),
        (DAYS[2], 3, 0),
    ]
    artists = current(spark, old_lake, "artists").where("artist_id like 'name:%'")
    assert rows(artists, "snapshot_date", "artist_id", "name") == [
        (DAYS[0], "name:โอ๋", "โอ๋"),
        (DAYS[1], "name:bo", "Bo"),
        (DAYS[1], "name:โอ๋", "โอ๋"),
        (DAYS[2], "name:bo", "Bo"),
        (DAYS[2], "name:โอ๋", "โอ๋"),
    ]


def test_published_tables_and_raw_files_give_the_same_rows(spark, old_lake, tmp_path):
    shutil.copytree(old_lake, tmp_path / "copy")
    build(spark, old_lake, 1, 3, REBUILD)
    tables = ("chart_entries", "tracks", "artists", "track_artists", "song_trends", "chart_summary")
    from_raw = {name: current(spark, old_lake, name).collect() for name in tables}
    shutil.rmtree(old_lake)
    shutil.move(tmp_path / "copy", old_lake)
    shutil.rmtree(old_lake / "raw")
    build(spark, old_lake, 1, 3, REBUILD)
    for name in tables:
        published = current(spark, old_lake, name).collect()
        assert sorted(map(str, published)) == sorted(map(str, from_raw[name])), name


def test_a_rebuilt_lake_continues_and_a_second_rebuild_changes_no_row(spark, old_lake):
    build(spark, old_lake, 1, 3, REBUILD)
    write_fourth_day(old_lake)
    build(spark, old_lake, 4, 4, NEXT)
    four_days = [
        *REBUILT,
        (4, "top", CONSTANT, 1, 2, 4, None),
        (4, "top", QUE_SOMOS, 3, 3, 4, None),
        (4, "top", BANDYTA, 2, 1, 4, None),
    ]
    assert trends_of(spark, old_lake) == four_days
    build(spark, old_lake, 1, 4, AGAIN)
    assert trends_of(spark, old_lake) == four_days


def test_the_next_run_completes_a_rebuild_killed_while_publishing(spark, old_lake):
    build(spark, old_lake, 1, 3, REBUILD)
    kill_between_manifests(old_lake, REBUILD, DAYS[0], DAYS[2])
    write_fourth_day(old_lake)
    build(spark, old_lake, 4, 4, NEXT)
    assert trends_of(spark, old_lake)[: len(REBUILT)] == REBUILT


def test_a_completed_run_of_an_older_version_keeps_its_version(spark, old_lake):
    manifest = old_lake / "curated/load_manifest/dt=2026-10-03"
    shutil.rmtree(manifest)
    mark = old_lake / "state/publishing/dt=2026-10-03/run=20261109T000002Z/_mark.json"
    mark.parent.mkdir(parents=True)
    counts = {"2026-10-03": {"song_trends": 5}}
    mark.write_text(json.dumps({"published_at": "2026-11-09T00:00:00+00:00", "counts": counts}))
    write_fourth_day(old_lake)
    with pytest.raises(JobError, match="TO=2026-10-03"):
        build(spark, old_lake, 4, 4, NEXT)
    assert manifest.exists()


def test_a_lake_of_a_newer_version_requires_a_newer_program(spark, root, monkeypatch):
    write_fourth_day(root)
    with monkeypatch.context() as newer:
        newer.setattr(commit, "IDENTITY_VERSION", 3)
        job.run(spark, config(root, DAYS[3], DAYS[3], REBUILD))
    write_capture(root, "2026-10-05T06:00:00Z", [entry("a"), entry("b")])
    with pytest.raises(JobError) as refused:
        job.run(spark, config(root, DAYS[3].replace(day=5), DAYS[3].replace(day=5), NEXT))
    assert str(refused.value) == (
        "The lake has song identity version 3, but this program has version 2. Update the "
        "program. Nothing was published."
    )
