"""`chartlake sql` answers questions, and a typo does not end it."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from chartlake.cli.tables import show_rows
from chartlake.warehouse import open_warehouse
from chartlake.warehouse.deploy import SQL_FOLDER
from chartlake.warehouse.prompt import FIRST_QUESTION
from tests.support.command import chartlake


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("lake")
    with open_warehouse(lake / "warehouse") as warehouse:
        warehouse.deploy()
    return lake


def say(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_statement_as_argument_is_answered(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    statement = "SELECT 3 AS RANK, '[Live] song' AS TITLE, NULL AS STREAMS"
    assert chartlake("sql", "--lake", lake, statement) == 0
    shown = capsys.readouterr().out
    assert [line.split() for line in shown.splitlines() if "song" in line] == [
        ["3", "[Live]", "song", "-"]
    ]
    assert "1 row\n" in shown


def test_an_invalid_statement_as_argument_fails_in_one_line(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chartlake("sql", "--lake", lake, "SELECT * FROM SONG_MOOVES") == 1
    shown = " ".join(capsys.readouterr().err.split())
    assert shown.startswith("Error: ")
    assert "SONG_MOOVES" in shown


def test_a_query_file_is_answered(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    worksheet = SQL_FOLDER / "worksheets/climbers.sql"
    assert chartlake("sql", "--lake", lake, "--file", str(worksheet)) == 0
    assert capsys.readouterr().out == "0 rows\n\n"


def test_a_worksheet_of_the_package_is_found_by_its_name(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chartlake("sql", "--lake", lake, "--file", "climbers.sql") == 0
    assert capsys.readouterr().out == "0 rows\n\n"


def test_a_missing_file_is_reported_in_one_line(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chartlake("sql", "--lake", lake, "--file", "nowhere.sql") == 1
    assert (
        capsys.readouterr().err == "Error: nowhere.sql cannot be read: No such file or directory.\n"
    )


def test_the_prompt_lists_the_marts_and_a_working_question(
    lake: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, f"{FIRST_QUESTION}\nquit\n")
    assert chartlake("sql", "--lake", lake) == 0
    shown = capsys.readouterr().out
    assert "SONG_MOVES       One row per chart, edition date and song" in shown
    assert FIRST_QUESTION in shown
    assert "0 rows" in shown


def test_a_statement_may_span_lines_and_an_error_keeps_the_prompt(
    lake: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement may span lines, and an invalid one does not end the prompt."""
    say(monkeypatch, "SELEKT 1;\nSELECT\n  'still here' AS ANSWER\n;\n")
    assert chartlake("sql", "--lake", lake) == 0
    shown = capsys.readouterr().out
    assert "Error: " in shown
    assert "still here" in shown


def test_a_row_that_is_too_wide_is_shown_one_value_per_line(
    lake: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    columns = ", ".join(f"'value{number}' AS column_name_{number}" for number in range(20))
    chartlake("sql", "--lake", lake, f"SELECT {columns}")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["column_name_7", "value7"] in lines


def test_without_a_warehouse_it_says_what_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chartlake("sql", "--lake", tmp_path / "none") == 1
    shown = " ".join(capsys.readouterr().err.split())
    assert shown.endswith("yet. Run `chartlake demo` first.")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "0 rows"),
        (1, "1 row"),
        (2, "2 rows"),
        (1204, "1,204 rows, the first 500 shown"),
    ],
)
def test_the_rows_of_an_answer_are_counted(number: int, told: str) -> None:
    out = io.StringIO()
    show_rows([{"rank": 1}] * number, Console(file=out))
    assert out.getvalue().endswith(f"{told}\n\n")
