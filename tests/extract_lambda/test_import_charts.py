import json
import re
from pathlib import Path
from typing import Any

import pytest

from chartlake.contract.chart_config import read_charts
from extract_lambda import import_charts
from extract_lambda.chart_files.name import named_chart
from extract_lambda.raw.store import FolderStore, RawStoreError
from tests.support.chart_file_builders import CHARTS_FILE, DAILY_NAME, NEW, OLD, with_extra
from tests.support.command import chartlake

ROOT = Path(__file__).parents[2]
SECOND_NAME = "regional-us-daily-2026-10-02 (1).csv"


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two good files, and the settings that import them into `lake` beside it."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / DAILY_NAME).write_text(NEW, encoding="utf-8")
    (folder / SECOND_NAME).write_text(OLD, encoding="utf-8")
    charts_file = tmp_path / "charts.toml"
    charts_file.write_text(CHARTS_FILE, encoding="utf-8")
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(charts_file))
    monkeypatch.setenv("CHARTLAKE_RAW_ROOT", str(tmp_path / "lake"))
    return folder


def imported(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.glob("lake/raw/charts_csv/dt=*/*"))


def manifests(folder: Path) -> list[dict[str, Any]]:
    found = folder.parent.glob("lake/raw/manifests/dt=*/*.json")
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(found)]


BOTH = [DAILY_NAME, "regional-us-daily-2026-10-02.csv"]


def test_a_glob_pattern_imports_every_matching_file(downloads, capsys):
    assert chartlake("import", f"{downloads}/*.csv") == 0
    assert imported(downloads) == BOTH
    (manifest,) = manifests(downloads)
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{6}", manifest["run_id"])
    assert capsys.readouterr().out == (
        "2 imported (2026-10-01 to 2026-10-02), 0 already imported, 0 rejected.\n"
        f"manifest: raw/manifests/dt=2026-10-01/{manifest['run_id']}.json\n"
    )


def test_files_and_patterns_of_the_home_folder_are_found(downloads, monkeypatch):
    monkeypatch.setenv("HOME", str(downloads))
    assert chartlake("import", f"~/{DAILY_NAME}", "~/*(1).csv") == 0
    assert imported(downloads) == BOTH


def test_a_name_with_a_space_is_one_file(downloads):
    assert chartlake("import", str(downloads / SECOND_NAME)) == 0
    assert imported(downloads) == BOTH[1:]


def test_a_bad_file_is_named_and_the_good_ones_are_imported(downloads, capsys):
    (downloads / "regional-us-daily-2026-10-03.csv").write_text("<!doctype html>")
    (downloads / "notes.txt").write_bytes(b"\xff")
    missing = downloads / "it's-gone.csv"
    assert chartlake("import", str(missing), f"{downloads}/*") == 1
    assert imported(downloads) == BOTH
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"rejected: {missing}: no such file. Check its name and folder."
    assert told[1].startswith("rejected: notes.txt: a chart file is named like regional-us-daily-")
    assert told[2].startswith("rejected: regional-us-daily-2026-10-03.csv: it is a web page")
    assert told[3] == "2 imported (2026-10-01 to 2026-10-02), 0 already imported, 3 rejected."
    (manifest,) = manifests(downloads)
    assert [line["status"] for line in manifest["charts"]] == [
        "failed",
        "failed",
        "captured",
        "captured",
        "failed",
    ]


def test_ignored_columns_are_named_once_with_their_file_count(downloads, capsys):
    (downloads / DAILY_NAME).write_text(with_extra(NEW, "year,\x1b[2J", *["1,2"] * 4), "utf-8")
    (downloads / SECOND_NAME).write_text(with_extra(OLD, "year,year", *["1,2"] * 4), "utf-8")
    assert chartlake("import", f"{downloads}/*.csv") == 0
    told = "Extra columns are ignored: year in 2 files, \\x1b[2J in 1 file."
    assert capsys.readouterr().out.splitlines()[0] == told
    (manifest,) = manifests(downloads)
    names = [line["extra_columns"] for line in manifest["charts"]]
    assert names == [["year", "\x1b[2J"], ["year", "year"]]
    chartlake("import", f"{downloads}/*.csv")
    assert capsys.readouterr().out.splitlines()[2] == told


def test_a_folder_named_like_a_chart_file_is_rejected(downloads, capsys):
    (downloads / "regional-us-daily-2026-10-03.csv").mkdir()
    assert chartlake("import", f"{downloads}/*-03.csv") == 1
    assert "it cannot be read (Is a directory). Check its permissions." in capsys.readouterr().out


def test_importing_again_lists_existing_files_without_a_new_manifest(downloads, capsys):
    chartlake("import", f"{downloads}/*.csv")
    capsys.readouterr()
    assert chartlake("import", f"{downloads}/*.csv") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"already imported: {DAILY_NAME}",
        f"already imported: {SECOND_NAME}",
        "0 imported, 2 already imported, 0 rejected.",
    ]
    assert len(manifests(downloads)) == 1


def test_again_lists_existing_files_in_a_new_manifest(downloads):
    chartlake("import", f"{downloads}/*.csv")
    assert chartlake("import", "--again", f"{downloads}/*.csv") == 0
    first, second = manifests(downloads)
    assert first["charts"] == second["charts"]


def test_progress_is_reported_every_hundred_files(downloads, capsys):
    assert chartlake("import", *[downloads / DAILY_NAME] * 250) == 0
    assert capsys.readouterr().err == "100 of 250 files\n200 of 250 files\n"


def test_on_a_terminal_a_single_line_counts_files(downloads, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    chartlake("import", f"{downloads}/*.csv")
    assert capsys.readouterr().err == "\r1 of 2 files\r2 of 2 files\n"


def stops_at_second(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    write = FolderStore.write

    def failing(self: FolderStore, key: str, content: bytes) -> None:
        if key.endswith(BOTH[1]):
            raise error
        write(self, key, content)

    monkeypatch.setattr(FolderStore, "write", failing)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (KeyboardInterrupt(), "Stopped."),
        (RawStoreError("The disk is full."), "The import stopped: The disk is full."),
    ],
)
def test_an_interrupted_import_reports_what_was_imported(
    downloads, monkeypatch, capsys, error, sentence
):
    stops_at_second(monkeypatch, error)
    assert chartlake("import", downloads / DAILY_NAME, downloads / SECOND_NAME) == 1
    told = capsys.readouterr()
    assert told.err.splitlines()[-1] == (
        f"Error: {sentence} Then import the same files with --again: the last one may be stored "
        "but not listed."
    )
    assert imported(downloads) == BOTH[:1]
    (manifest,) = manifests(downloads)
    assert (manifest["snapshot_date"], manifest["end_date"]) == ("2026-10-01", "2026-10-01")
    assert "1 imported (2026-10-01 to 2026-10-01), " in told.out


def test_a_failed_manifest_write_explains_how_to_recover(downloads, monkeypatch, capsys):
    """If the manifest cannot be written, the import says how to hand the files over."""

    def failing(*_: object) -> str:
        raise RawStoreError("The disk is full.")

    monkeypatch.setattr(import_charts, "write_manifest", failing)
    assert chartlake("import", f"{downloads}/*.csv") == 1
    told = capsys.readouterr().err
    assert "Error: The disk is full. Then import the same files with --again" in told
    assert imported(downloads) == BOTH


@pytest.mark.parametrize("arguments", [[], ["--raw", " "]])
def test_without_a_root_it_says_what_to_set(downloads, monkeypatch, capsys, arguments):
    monkeypatch.delenv("CHARTLAKE_RAW_ROOT")
    assert chartlake("import", *arguments, f"{downloads}/*.csv") == 1
    assert capsys.readouterr().err == (
        "Error: The root of the raw files is not set. Set --raw or CHARTLAKE_RAW_ROOT to "
        "s3://bucket or a folder.\n"
    )


def test_without_a_file_it_says_how_to_name_files(downloads, capsys):
    assert chartlake("import", "") == 1
    assert "No file was given. Name one or more: chartlake import" in capsys.readouterr().err
    assert chartlake("import") == 2


def test_an_invalid_charts_file_is_named(downloads, monkeypatch, capsys):
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(downloads / "none.toml"))
    assert chartlake("import", f"{downloads}/*.csv") == 1
    assert "none.toml cannot be read: " in capsys.readouterr().err


def test_the_documented_entry_accepts_the_documented_file(tmp_path):
    page = (ROOT / "docs/import-charts.md").read_text(encoding="utf-8")
    charts_file = tmp_path / "charts.toml"
    charts_file.write_text(page.split("```")[1], encoding="utf-8")
    assert DAILY_NAME in page
    chart, _ = named_chart(DAILY_NAME, read_charts(charts_file))
    assert chart.chart_id == "us_daily"


@pytest.mark.parametrize(
    ("files", "told"), [(1, "\r1 of 1 file\n"), (2, "\r1 of 2 files\r2 of 2 files\n")]
)
def test_the_count_on_a_terminal_agrees_with_its_noun(downloads, capsys, monkeypatch, files, told):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    chartlake("import", *[downloads / name for name in (DAILY_NAME, SECOND_NAME)[:files]])
    assert capsys.readouterr().err == told
