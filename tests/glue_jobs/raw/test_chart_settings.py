"""Chart settings: is it expected to change, and how far a playlist is behind Spotify's date."""

import shutil
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from chartlake.athena.stand_in import open_lake
from chartlake.contract.paths import charts_csv_key
from chartlake.warehouse import open_warehouse
from glue_jobs import build_tables
from glue_jobs.job.errors import JobError
from glue_jobs.raw.playlists import parse_files
from tests.support.job_builders import DAYS, current, run
from tests.support.rows import rows
from tests.support.spark_builders import entry, raw_files, write_capture, write_raw

FIRST, SECOND, THIRD = "20261109T000001Z", "20261109T000002Z", "20261109T000003Z"
OWN, SPOTIFYS = "GnMEEsZCu6QXsnNDKVvNu3", "37i9dQZEVXbMDoHDwVN2tF"
A_MONTH_AGO = "2026-09-01T10:00:00Z"


def added(at, *entries):
    return [one | {"added_at": at} for one in entries]


A, B = entry("a"), entry("b", "Bo")


def charts_file(root: Path, *charts: str) -> str:
    """Write a charts file; a chart is its id and the lines that the others of its kind lack."""
    text = "".join(
        f'[charts.{chart_id}]\nname = "{chart_id}"\nmarket = "global"\nsource = "playlist"\n'
        f'cadence = "daily"\nexpected_size = 2\ntolerance = 0\n{lines}\n'
        for chart_id, _, lines in (chart.partition(": ") for chart in charts)
    )
    return str(write_raw(root / "charts.toml", text))


def settings_of(spark, root):
    snapshots = current(spark, root, "chart_snapshots")
    return rows(snapshots, "snapshot_date", "chart_id", "expects_change", "days_behind")


def test_a_reordered_playlist_of_ones_own_is_published(spark, root, monkeypatch):
    monkeypatch.setattr(build_tables, "job_session", lambda *_: nullcontext(spark))
    songs = [entry(f"own{n}", f"O{n}", name=f"Own {n}") for n in range(4)]
    own = {"playlist_id": OWN, "login": "user", "expected_size": 4}
    write_capture(root, "2026-10-01T06:00:00Z", added(A_MONTH_AGO, *songs), **own)
    moved = [songs[3], *songs[1:3], songs[0]]
    write_capture(root, "2026-10-02T06:00:00Z", added(A_MONTH_AGO, *moved), **own)
    place = f"s3://lake/{root.name}"
    roots = ["--raw-root", place, "--curated-root", place]
    build_tables.main([*roots, "--start-date", "2026-10-01", "--end-date", "2026-10-02"])
    assert rows(
        current(spark, root, "song_trends"), "snapshot_date", "track_id", "rank", "previous_rank"
    ) == [
        (DAYS[0], "own0", 1, None),
        (DAYS[0], "own1", 2, None),
        (DAYS[0], "own2", 3, None),
        (DAYS[0], "own3", 4, None),
        (DAYS[1], "own0", 4, 1),
        (DAYS[1], "own1", 2, 2),
        (DAYS[1], "own2", 3, 3),
        (DAYS[1], "own3", 1, 4),
    ]
    assert settings_of(spark, root) == [
        (DAYS[0], "top", False, None),
        (DAYS[1], "top", False, None),
    ]


def test_a_capture_records_whether_its_chart_is_expected_to_change(spark, root):
    """A capture says whether its chart is expected to change; an old one gets the default."""

    def capture(chart_id, **chart):
        write_capture(root, "2026-10-01T06:00:00Z", [A, B], chart_id=chart_id, **chart)

    capture("own", playlist_id=OWN)
    capture("spotifys", playlist_id=SPOTIFYS, login="app")
    capture("spotifys_of_a_user", playlist_id=SPOTIFYS, login="user")
    capture("set_true", playlist_id=OWN, expects_change=True)
    capture("set_false", playlist_id=SPOTIFYS, expects_change=False)
    capture("odd", playlist_id=SPOTIFYS, expects_change={"a": 1}, days_behind=[2], unknown="x")
    capture("not_said", playlist_id=None)
    captures = parse_files(raw_files(spark, root, DAYS[:1]))
    assert rows(captures, "chart_id", "expects_change", "days_behind", "reason") == [
        ("not_said", None, None, None),
        ("odd", True, None, None),
        ("own", False, None, None),
        ("set_false", False, None, None),
        ("set_true", True, None, None),
        ("spotifys", True, None, None),
        ("spotifys_of_a_user", False, None, None),
    ]


def test_an_unchanged_chart_is_held_back_by_default(spark, root):
    """A chart that is expected to change, or does not say so, is held back."""
    stale = added("2026-09-27T23:00:00Z", A, B)
    for chart_id, playlist_id in {"own": OWN, "not_said": None, "spotifys": SPOTIFYS}.items():
        write_capture(
            root, "2026-10-01T06:00:00Z", stale, chart_id=chart_id, playlist_id=playlist_id
        )
    assert run(spark, root, DAYS[0], DAYS[0], FIRST) == 2
    assert settings_of(spark, root) == [(DAYS[0], "own", False, None)]
    refreshed = current(spark, root, "quality_results").where("rule = 'days_since_refresh'")
    assert rows(refreshed, "chart_id", "observed", "limit_value", "passed") == [
        ("not_said", 4.0, 3.0, False),
        ("spotifys", 4.0, 3.0, False),
    ]


def test_a_changed_setting_applies_to_a_rebuilt_day(spark, root):
    write_capture(
        root, "2026-10-01T06:00:00Z", added(A_MONTH_AGO, A, B), playlist_id=SPOTIFYS, days_behind=5
    )
    assert run(spark, root, DAYS[0], DAYS[0], FIRST, charts_file=str(root / "none.toml")) == 1
    lines = f'top: playlist_id = "{SPOTIFYS}"\nexpects_change = false\ndays_behind = '
    settings = charts_file(root, f"{lines}2")
    assert run(spark, root, DAYS[0], DAYS[0], SECOND, charts_file=settings) == 0
    assert settings_of(spark, root) == [(DAYS[0], "top", False, 2)]
    run(spark, root, DAYS[0], DAYS[0], THIRD, charts_file=charts_file(root, f"{lines}1"))
    assert settings_of(spark, root) == [(DAYS[0], "top", False, 1)]


def without_settings(root: Path, table: str) -> None:
    """Drop the columns from published files, as in a lake older than them."""
    for path in (root / f"curated/{table}").rglob("*.parquet"):
        kept = pq.ParquetFile(path).read().drop_columns(["expects_change", "days_behind"])
        pq.write_table(kept, path)


def test_settings_apply_to_carried_over_charts_and_later_days(spark, root):
    """Chart `kept` has no raw file left for day 1; day 2 follows day 1 and is not asked for."""
    none = str(root / "none.toml")
    for day in ("2026-10-01", "2026-10-02"):
        write_capture(root, f"{day}T06:00:00Z", [A, B], chart_id="kept")
        write_capture(root, f"{day}T06:00:00Z", [A, B] if day[-1] == "1" else [B, A])
    run(spark, root, DAYS[0], DAYS[1], FIRST, charts_file=none)
    without_settings(root, "chart_snapshots")
    shutil.rmtree(root / "raw")
    write_capture(root, "2026-10-01T20:00:00Z", [B, A])
    kept = f'kept: playlist_id = "{OWN}"\nexpects_change = true\ndays_behind = 2'
    top = f'top: playlist_id = "{OWN}"\nlogin = "user"\ndays_behind = 1'
    settings = charts_file(root, kept, top)
    assert run(spark, root, DAYS[0], DAYS[0], SECOND, charts_file=settings) == 0
    assert settings_of(spark, root) == [
        (DAYS[0], "kept", True, 2),
        (DAYS[0], "top", False, 1),
        (DAYS[1], "kept", True, 2),
        (DAYS[1], "top", False, 1),
    ]


def test_an_invalid_charts_file_stops_a_run_of_playlists(spark, root):
    """An invalid charts file stops a run over playlists, with its errors."""
    write_capture(root, "2026-10-01T06:00:00Z", [A, B])
    broken = charts_file(root, f'top: playlist_id = "{OWN}"\ndays_behind = 9')
    with pytest.raises(JobError) as refused:
        run(spark, root, DAYS[0], DAYS[0], FIRST, charts_file=broken)
    assert str(refused.value).splitlines() == [
        f"{broken} cannot be used:",
        "  chart 'top': days_behind = 9; allowed: a whole number from 0 to 7",
    ]
    assert not (root / "curated").exists()


HEADER = "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,days_on_chart,streams\n"
USA = """
[charts.us]
name = "USA"
market = "us"
source = "charts_csv"
cadence = "daily"
expected_size = 2
tolerance = 0
"""


def leads(root: Path) -> list[tuple[object, ...]]:
    """What both engines return for the song that entered both markets in one edition."""
    ask = "SELECT market, first_charted_on, arrival, days_after_first, edition_date FROM {} "
    ask += "WHERE title = 'Brand New' ORDER BY market"
    mounts = {"s3://chartlake-curated/": root}
    with open_warehouse(root / "warehouse", mounts) as warehouse, open_lake(root) as athena:
        warehouse.deploy()
        warehouse.load()
        in_snowflake = warehouse.query(ask.format("CHARTLAKE.MARTS.SONG_MARKETS"))
        in_athena = athena.query(ask.format("chartlake.song_markets"))
    assert in_snowflake == in_athena
    return [tuple(row.values()) for row in in_athena]


def test_two_sources_of_one_edition_are_compared_by_spotifys_date(spark, root):
    """Spotify's chart of 2 October: in a file of that name, and in a playlist on 4 October."""
    new, old = entry("new", "Cee", name="Brand New"), entry("old", "Ann", name="Old")
    write_capture(
        root, "2026-10-03T06:00:00Z", [old, entry("bo", "Bo", name="Bo's")], playlist_id=OWN
    )
    write_capture(root, "2026-10-04T06:00:00Z", [new, old], playlist_id=OWN)
    write_raw(
        root / charts_csv_key(DAYS[1], "regional-us-daily-2026-10-02.csv"),
        f"\ufeff{HEADER}"
        '1,"spotify:track:aj1JRM0XNjkEg02OwJEflO","Cee","Brand New","L",1,-1,1,"500"\n'
        '2,"spotify:track:YxxoFu1uEnomQ2gzXExOnB","Ann","Old","L",2,1,9,"400"\n',
    )
    second, fourth = date(2026, 10, 2), date(2026, 10, 4)

    def build(lines: str, run_id: str) -> None:
        settings = charts_file(root, f'top: playlist_id = "{OWN}"\n{lines}{USA}')
        assert run(spark, root, DAYS[0], DAYS[3], run_id, charts_file=settings) == 0

    build("", FIRST)
    assert leads(root) == [("global", fourth, 2, 2, fourth), ("us", second, 1, 0, second)]
    build("days_behind = 2", SECOND)
    assert leads(root) == [("global", second, 1, 0, second), ("us", second, 1, 0, second)]
    assert settings_of(spark, root) == [
        (second, "us", False, None),
        (date(2026, 10, 3), "top", False, 2),
        (fourth, "top", False, 2),
    ]
