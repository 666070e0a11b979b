"""The demo as a user runs it: in its own process, into a folder."""

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest

from chartlake.demo.run import captures_under, days_of, rows_through
from chartlake.warehouse import open_warehouse
from tests.support.command import CHARTLAKE
from tests.support.spark_builders import entry
from tests.support.warehouse_reader import Seen, every_row

ROOT = Path(__file__).parents[2]
TOP50_GLOBAL = "37i9dQZEVXbMDoHDwVN2tF"


def demo(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [*CHARTLAKE, "demo", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def seen(lake: Path) -> Seen:
    with open_warehouse(lake / "warehouse") as warehouse:
        return every_row(warehouse)


def test_a_second_demo_adds_a_run_and_readers_see_the_same(tmp_path):
    first = demo("--lake", tmp_path, "--days", 8)
    assert first.returncode == 0, first.stderr
    before = seen(tmp_path)
    second = demo("--lake", tmp_path, "--days", 8)
    assert second.returncode == 0, second.stderr
    assert seen(tmp_path) == before
    assert len(before["CORE.CHART_SNAPSHOTS"]) == 32
    assert all(rows for name, rows in before.items() if name.startswith("MARTS."))
    assert "Top Songs - Philippines" in (tmp_path / "report.html").read_text("utf-8")
    with open_warehouse(tmp_path / "warehouse") as warehouse:
        runs = warehouse.query(
            "SELECT COUNT(*) AS ENTRIES FROM CHARTLAKE.LANDING.CHART_ENTRIES GROUP BY RUN_ID"
        )
        ledger = warehouse.query("SELECT GATE, STATUS, RUN_ID FROM CHARTLAKE.MARTS.RUN_LEDGER")
    assert [run["entries"] for run in runs] == [len(before["CORE.CHART_ENTRIES"])] * 2
    newest = max(row["run_id"] for row in ledger)
    assert {(row["gate"], row["status"], row["run_id"] == newest) for row in ledger} == {
        ("passed", "visible", True),
        ("passed", "replaced", False),
    }
    digest = first.stdout[first.stdout.index("Charts of 2026-10-08: ") :].split("Yours to look")[0]
    assert "\nTop 50 - Global, 2026-10-08\n  " in digest
    assert "\nData as of 2026-10-08 06:00 UTC.\n" in digest
    assert digest in second.stdout


def test_recorded_days_are_replayed_with_gaps_and_missing_fields(tmp_path):
    recorded = tmp_path / "recorded"
    recorded.mkdir()
    songs = [f"s{number}" for number in range(50)]
    for day, order in {"2020-10-10": songs, "2020-10-12": songs[1:] + ["new"]}.items():
        items = [entry(song) for song in order]
        playlist = {"id": TOP50_GLOBAL, "name": "Top 50", "snapshot_id": day, "items": items}
        (recorded / f"{day}.json").write_text(json.dumps({**playlist, "total": 50}))
    played = demo("--lake", tmp_path / "lake", "--replay", recorded)
    assert played.returncode == 0, played.stderr
    with open_warehouse(tmp_path / "lake/warehouse") as warehouse:
        assert warehouse.query(
            "SELECT SNAPSHOT_DATE, TITLE, RANK, PREVIOUS_RANK, MOVEMENT"
            " FROM CHARTLAKE.MARTS.SONG_MOVES WHERE IS_LATEST AND RANK IN (1, 50) ORDER BY RANK"
        ) == [
            {
                "snapshot_date": date(2020, 10, 12),
                "title": title,
                "rank": rank,
                "previous_rank": previous,
                "movement": movement,
            }
            for title, rank, previous, movement in [
                ("Song s1", 1, 2, "up"),
                ("Song new", 50, None, "debut"),
            ]
        ]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (None, "is not a folder. Name the one that holds the recorded days."),
        ({}, "has no recorded days. Its files are named 2020-10-10.json."),
        ({"2020-10-10.json": "<html>"}, "2020-10-10.json is not JSON: "),
        ({"2020-10-10.json": '{"id": "x", "items": []}'}, "add its chart to charts.toml."),
    ],
)
def test_a_folder_that_cannot_be_replayed_says_why(tmp_path, files, sentence):
    recorded = tmp_path / "recorded"
    if files is not None:
        recorded.mkdir()
        for name, content in files.items():
            (recorded / name).write_text(content)
    played = demo("--lake", tmp_path / "lake", "--replay", recorded)
    assert played.returncode == 1
    assert sentence in played.stderr
    assert len(played.stderr.splitlines()) == 1
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize(
    ("number", "played", "captured", "loaded"),
    [
        (0, "0 days of Top 50", "0 captures under raw", "0 rows through 0 pipes"),
        (1, "1 day of Top 50", "1 capture under raw", "1 row through 1 pipe"),
        (2, "2 days of Top 50", "2 captures under raw", "2 rows through 2 pipes"),
    ],
)
def test_each_stage_reports_its_counts(number, played, captured, loaded):
    assert days_of(number, "Top 50") == played
    assert captures_under(number, "raw") == captured
    assert rows_through(number, number) == loaded
