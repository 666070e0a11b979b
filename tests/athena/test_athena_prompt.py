"""`chartlake ask` lists the questions, answers one, and reports errors in one sentence."""

from pathlib import Path

import pytest

from chartlake.athena.statements import QUERIES, queries
from tests.support.chart_lake import write_lake
from tests.support.command import chartlake


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lake")
    write_lake(folder / "chartlake-curated")
    return folder


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    told = capsys.readouterr()
    return " ".join((told.out + told.err).split())


def test_without_a_question_it_lists_the_available_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert chartlake("ask", "--lake", "nowhere") == 0
    lines = capsys.readouterr().out.splitlines()
    for question, line in zip(queries(), lines, strict=False):
        assert line.split(maxsplit=1) == [f"{question.name}.sql", question.sentence]
    assert len(lines) == len(list(queries())) + 2


def test_a_question_is_answered(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert chartlake("ask", "--lake", lake, str(QUERIES / "streams.sql")) == 0
    answer = shown(capsys)
    assert "Comet" in answer
    assert answer.endswith("2 rows")


def test_sql_that_athena_lacks_gives_one_error_message(
    lake: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    question = tmp_path / "mine.sql"
    question.write_text("SELECT rank\nFROM chartlake.song_moves\nWHERE NVL(streams, 0) = 0;\n")
    assert chartlake("ask", "--lake", lake, str(question)) == 1
    assert shown(capsys) == (
        "Error: Athena would reject this: Line 3: NVL(…) is not in the list of functions in"
        " chartlake/athena/stand_in/words.py."
    )


def test_a_duckdb_error_is_shown_without_its_context_lines(
    lake: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    question = tmp_path / "mine.sql"
    question.write_text("SELECT rank, COUNT(*) AS n FROM chartlake.song_moves GROUP BY title")
    assert chartlake("ask", "--lake", lake, str(question)) == 1
    answer = capsys.readouterr().err
    assert answer.startswith("Error: Athena would reject this: ")
    assert "LINE" not in answer


def test_without_a_lake_it_says_how_to_get_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chartlake("ask", "--lake", tmp_path, str(QUERIES / "climbers.sql")) == 1
    assert (
        shown(capsys) == f"Error: There is no lake in {tmp_path} yet. Run `chartlake demo` first."
    )


def test_a_missing_file_is_reported_in_one_line(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chartlake("ask", "--lake", lake, "nowhere.sql") == 1
    assert shown(capsys) == "Error: nowhere.sql cannot be read: No such file or directory."


def test_a_corrupt_file_gives_one_error_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lake(tmp_path / "chartlake-curated")
    broken = next(tmp_path.rglob("tracks/dt=2026-11-01/**/*.parquet"))
    broken.write_bytes(b"half a file")
    assert chartlake("ask", "--lake", tmp_path, str(QUERIES / "climbers.sql")) == 1
    answer = shown(capsys)
    assert answer.startswith(f"Error: The lake in {tmp_path} cannot be read: ")
    assert broken.name in answer
