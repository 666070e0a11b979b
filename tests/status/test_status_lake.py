"""`chartlake status` on a small hand-written lake of this machine."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chartlake.contract.paths import raw_manifest_key
from chartlake.status.on_this_machine import newest_day
from chartlake.warehouse import open_warehouse
from tests.support.chart_lake import nov, tables_of, write_lake
from tests.support.command import chartlake
from tests.support.lake_files import write_manifest, write_part, write_run

NOON = datetime(2026, 11, 8, 12, tzinfo=UTC)
HELD = "raw/playlists/dt=2026-11-08/chart=ph/20261108T060000000000Z.json"
CHARTS = {"ph": "daily", "us": "daily", "world": "weekly", "new": "daily"}
GAP = "a past day stays a gap, unless its chart file is imported (docs/import-charts.md)"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake of three charts with its manifests, all of it loaded; tests take a copy."""
    folder = tmp_path_factory.mktemp("whole")
    entries = [
        f'[charts.{chart_id}]\nname = "Top {chart_id}"\nmarket = "global"\nsource = "playlist"\n'
        f'playlist_id = "{"x" * 22}"\ncadence = "{cadence}"\nexpected_size = 3\ntolerance = 0\n'
        for chart_id, cadence in CHARTS.items()
    ]
    (folder / "charts.toml").write_text("\n".join(entries), encoding="utf-8")
    write_lake(folder / "chartlake-curated")
    for day in (1, 2, 3, 5, 6, 7, 8):
        named = [row["chart_id"] for row in tables_of(day)["chart_snapshots"]]
        write_raw_manifest(folder, day, *map(captured, named))
    write_raw_manifest(folder, 8, captured("ph", HELD), hour=7)
    load(folder)
    return folder


@pytest.fixture
def lake(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = shutil.copytree(whole, tmp_path / "lake")
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(copy / "charts.toml"))
    monkeypatch.setenv("COLUMNS", "80")
    return copy


def captured(chart_id: str, key: str = "x") -> dict[str, Any]:
    return {"chart_id": chart_id, "status": "captured", "key": key, "error": None}


def write_raw_manifest(lake: Path, day: int, *lines: dict[str, Any], hour: int = 6) -> None:
    instant = f"2026-11-{day:02}T{hour:02}:00:00Z"
    told = {"snapshot_date": str(nov(day)), "finished_at": instant, "charts": lines}
    path = lake / "chartlake-raw" / raw_manifest_key(nov(day), f"202611{day:02}T{hour:02}0000Z")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told), encoding="utf-8")


def load(lake: Path) -> None:
    mounts = {"s3://chartlake-curated/": lake / "chartlake-curated"}
    with open_warehouse(lake / "warehouse", mounts) as warehouse:
        warehouse.deploy()
        warehouse.load()


def status(lake: Path, *options: str, now: datetime = NOON) -> int:
    return chartlake("status", "--lake", lake, *options, now=now)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def rows(told: list[str], chart: str) -> list[str]:
    """The table of a chart: its days' rows."""
    after = told[next(n for n, line in enumerate(told) if f"({chart}" in line) :]
    return [line for line in after[3 : after.index("")]]


def test_every_stage_of_every_day_is_shown_above_the_advice(lake, capsys):
    assert status(lake, "--days", "8") == 1
    told = lines(capsys)
    assert told[0] == "2026-11-01 to 2026-11-08, queried on 2026-11-08 at 12:00 UTC"
    well = "✓ ok ✓ ok ✓ passed ✓ ok ✓ ok ✓ ok"
    none = "– none – none – none – none – none"
    assert rows(told, "ph") == [
        "2026-11-08 ✓ ok ✓ ok ✗ held ✓ ok ✓ ok – none",
        f"2026-11-07 {well}",
        f"2026-11-06 {well}",
        f"2026-11-05 {well}",
        f"2026-11-04 ✗ missing {none}",
        f"2026-11-03 {well}",
        f"2026-11-02 {well}",
        f"2026-11-01 {well}",
    ]
    assert rows(told, "us")[6:] == [f"2026-11-02 {well}", f"2026-11-01 – none {none}"]
    assert rows(told, "world")[:5] == [
        f"2026-11-08 {well}",
        f"2026-11-07 – none {none}",
        f"2026-11-06 – none {none}",
        f"2026-11-05 – none {none}",
        f"2026-11-04 {well}",
    ]
    assert told[told.index("What to do") + 1 :] == [
        "2026-11-07 to 2026-11-08 us, captured: The manifests of this day name other charts,"
        f" but not this one. -> capture again; {GAP}",
        "2026-11-08 ph, gated: The capture is held back: it has 1 entry and needs 3."
        " -> capture again",
        f"2026-11-04 ph, us, captured: This day has no manifest. -> {GAP}",
    ]


def test_a_healthy_lake_is_green(lake, capsys):
    assert status(lake, "--days", "3", "--chart", "world") == 0
    assert lines(capsys)[-1] == "Nothing is red."


def test_a_table_fits_80_columns_and_has_no_colour_in_a_pipe(lake, capsys):
    status(lake)
    told = capsys.readouterr().out
    tables = told.partition("What to do")[0]
    assert max(len(line) for line in tables.splitlines()) <= 80
    assert "…" not in tables
    assert "\x1b" not in told


def test_a_chart_in_no_manifest_is_reported_and_not_red_here(lake, capsys):
    assert status(lake, "--chart", "new") == 0
    told = lines(capsys)
    assert told[2:4] == ["Top new (new, daily, playlist)", "No manifest or table has it yet."]


def test_a_capture_that_was_not_built_is_red_after_an_hour(lake, capsys):
    write_raw_manifest(lake, 9, captured("us", "new.json"))
    now = datetime(2026, 11, 9, 6, 59, tzinfo=UTC)
    assert status(lake, "--days", "1", "--chart", "us", now=now) == 0
    assert rows(lines(capsys), "us") == ["2026-11-09 ✓ ok … waiting – none – none – none … waiting"]
    assert status(lake, "--days", "1", "--chart", "us", now=now.replace(hour=7)) == 1
    assert lines(capsys)[-1] == (
        "2026-11-09 us, transformed: Its manifest is from 2026-11-09 06:00 UTC, but no run has"
        f" read its file. -> chartlake build --from 2026-11-09 --lake {lake},"
        f" then chartlake reconcile --lake {lake} --refresh"
    )


def test_a_half_loaded_run_names_its_tables_and_the_older_is_shown(lake, capsys):
    curated, newer = lake / "chartlake-curated", "20261107T090000Z"
    tables = tables_of(7)
    write_run(curated, nov(7), newer, tables)
    write_part(curated, "tracks", nov(7), newer, tables["tracks"]).unlink()
    load(lake)
    assert status(lake, "--days", "2", "--chart", "ph") == 1
    told = lines(capsys)
    assert rows(told, "ph")[1] == "2026-11-07 ✓ ok ✓ ok ✓ passed ✓ ok ✗ part ✓ earlier"
    assert (
        f"2026-11-07 ph, loaded: Rows of run {newer} are incomplete: tracks 0 of 3."
        f" -> chartlake reconcile --lake {lake} --refresh"
    ) in told


def test_an_unfinished_run_is_red(lake, capsys):
    snapshot = next(row for row in tables_of(7)["chart_snapshots"] if row["chart_id"] == "ph")
    path = lake / "chartlake-curated"
    write_part(path, "chart_snapshots", nov(9), "20261109T061500Z", [snapshot])
    write_raw_manifest(lake, 9, captured("ph"))
    assert status(lake, "--days", "1", "--chart", "ph", now=NOON.replace(day=9)) == 1
    told = lines(capsys)
    assert rows(told, "ph") == ["2026-11-09 ✓ ok ✓ ok ✓ passed ✗ broken – none – none"]
    assert "Run 20261109T061500Z wrote tables but no manifest: it was interrupted." in told[-1]


def test_a_published_run_that_is_not_loaded_is_red(lake, capsys):
    write_run(lake / "chartlake-curated", nov(9), "20261109T061500Z", tables_of(7))
    assert status(lake, "--days", "1", "--chart", "ph", now=NOON.replace(day=9)) == 1
    assert "The manifest of run 20261109T061500Z has not arrived." in lines(capsys)[-1]


def test_the_reason_is_the_captures_and_not_an_entrys(lake, capsys):
    held, day = tables_of(8)["quarantine"][0], nov(9)
    entry = {**held, "source_file": "x", "position": 2, "reason": "The entry is no track."}
    tables = {"quarantine": [{**held, "source_file": "x"}, entry]}
    write_run(lake / "chartlake-curated", day, "20261109T061500Z", tables)
    write_raw_manifest(lake, 9, captured("ph"))
    status(lake, "--days", "1", "--chart", "ph", now=NOON.replace(day=9))
    told = lines(capsys)
    assert told[told.index("What to do") + 1].startswith(
        "2026-11-09 ph, gated: The capture is held back: it has 1 entry and needs 3. -> "
    )


def test_an_unreadable_manifest_is_reported_once(lake, capsys):
    path = lake / "chartlake-raw" / raw_manifest_key(nov(8), "20261108T080000Z")
    path.write_bytes(b"\xff{")
    assert status(lake, "--days", "1", "--chart", "world") == 1
    told = lines(capsys)
    assert told[-1].startswith(
        f"2026-11-08 any chart, captured: {raw_manifest_key(nov(8), '20261108T080000Z')}"
        " is not a valid manifest (UnicodeDecodeError:"
    )
    assert "a rebuild needs no raw files: chartlake build --from 2026-11-08 " in told[-1]


def test_a_missing_raw_or_warehouse_is_reported_and_the_rest_shown(tmp_path, lake, capsys):
    write_lake(tmp_path / "bare" / "chartlake-curated")
    assert status(tmp_path / "bare", "--days", "2", "--chart", "ph") == 1
    told = lines(capsys)
    assert f"There are no manifests in {tmp_path}/bare/chartlake-raw: what was captured" in told[2]
    assert told[3].endswith("bare/warehouse: what is loaded is unknown.")
    assert rows(told, "ph") == [
        "2026-11-08 ✓ ok ✓ ok ✗ held ✓ ok ? unknown ? unknown",
        "2026-11-07 ✓ ok ✓ ok ✓ passed ✓ ok ? unknown ? unknown",
    ]
    status(tmp_path / "bare", "--days", "1", "--chart", "world")
    assert lines(capsys)[-1] == "Nothing is red, as far as could be checked."


def test_raw_may_be_in_another_folder(tmp_path, lake, capsys):
    (lake / "chartlake-raw").rename(tmp_path / "elsewhere")
    write_part(lake / "chartlake-curated", "tracks", nov(9), "20261109T060000Z", [])
    write_manifest(lake / "chartlake-curated", nov(9), "20261109T060000Z", {})
    now = NOON.replace(day=9)
    assert status(lake, "--raw", str(tmp_path / "elsewhere"), "--days", "1", now=now) == 1
    told = lines(capsys)
    assert told[-1] == "2026-11-09 ph, us, captured: This day has no manifest. -> capture again"


def test_without_a_lake_it_says_what_to_run_first(tmp_path, lake, capsys):
    assert status(tmp_path / "nowhere") == 1
    assert capsys.readouterr().err == (
        f"Error: There is nothing in {tmp_path / 'nowhere'} yet. Run `chartlake demo` first.\n"
    )


def test_an_unknown_chart_is_rejected_with_the_valid_ones(lake, capsys):
    assert status(lake, "--chart", "top") == 1
    told = capsys.readouterr().err
    assert told == "Error: There is no chart top. The charts are: new, ph, us, world.\n"


@pytest.mark.parametrize("days", ["0", "-1", "367", "x", "1.5"])
def test_an_invalid_number_of_days_is_rejected(tmp_path, days, capsys):
    assert status(tmp_path, f"--days={days}") == 2
    assert "Invalid value for '--days'" in capsys.readouterr().err


def test_an_invalid_charts_file_is_reported(tmp_path, lake, capsys):
    (lake / "charts.toml").write_text("[charts]\n")
    assert status(lake) == 1
    assert "charts.toml has no charts." in capsys.readouterr().err


def test_the_newest_day_is_the_newest_of_any_file(tmp_path):
    assert newest_day(tmp_path, tmp_path) is None
    for folder in ("raw/manifests/dt=2026-11-01", "raw/charts_csv/dt=2026-11-03"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "raw/playlists/dt=today").mkdir(parents=True)
    assert newest_day(tmp_path, tmp_path) == nov(3)


def test_status_changes_no_file_of_the_lake(lake, capsys):
    def files() -> dict[Path, bytes]:
        parts = (lake / "chartlake-raw", lake / "chartlake-curated")
        found = (path for part in parts for path in part.rglob("*"))
        return {path: path.read_bytes() for path in found if path.is_file()}

    before = files()
    status(lake)
    assert files() == before
    names = ["chartlake-curated", "chartlake-raw", "charts.toml", "warehouse"]
    assert sorted(path.name for path in lake.iterdir()) == names
