"""The analyst's questions, asked of the fixed lake as the worksheets have them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chartlake.warehouse import Warehouse, open_warehouse
from chartlake.warehouse.deploy import SQL_FOLDER
from tests.support.chart_lake import write_lake
from tests.support.worksheet_answers import ANSWERS

WORKSHEETS = {path.stem: path for path in (SQL_FOLDER / "worksheets").glob("*.sql")}
each_worksheet = pytest.mark.parametrize("path", WORKSHEETS.values(), ids=WORKSHEETS)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    root: Path = tmp_path_factory.mktemp("worksheets")
    write_lake(root / "lake")
    with open_warehouse(root, {"s3://chartlake-curated/": root / "lake"}) as warehouse:
        warehouse.deploy()
        warehouse.load()
        warehouse.query("USE SCHEMA MARTS")
        yield warehouse


@each_worksheet
def test_a_worksheet_returns_the_answer_calculated_by_hand(
    warehouse: Warehouse, path: Path
) -> None:
    rows = warehouse.query(path.read_text(encoding="utf-8"))
    assert [tuple(row.values()) for row in rows] == ANSWERS[path.stem]


def test_every_worksheet_has_an_answer() -> None:
    assert WORKSHEETS.keys() == ANSWERS.keys()


@each_worksheet
def test_a_worksheet_is_its_question_and_one_statement(path: Path) -> None:
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    assert first.startswith("-- ")
    assert "?" in first
    assert [line for line in rest if "--" in line] == []
    assert [line for line in rest if line.endswith(";")] == rest[-1:]


def test_a_comeback_needs_the_day_of_its_exit_to_be_loaded(tmp_path: Path) -> None:
    """A comeback is not listed if the day on which the song left has not arrived."""
    write_lake(tmp_path / "lake")
    manifests = list((tmp_path / "lake").rglob("load_manifest/dt=2026-11-03/*/*.parquet"))
    assert manifests
    for manifest in manifests:
        manifest.unlink()
    with open_warehouse(tmp_path, {"s3://chartlake-curated/": tmp_path / "lake"}) as warehouse:
        warehouse.deploy()
        warehouse.load()
        warehouse.query("USE SCHEMA MARTS")
        assert warehouse.query(WORKSHEETS["comebacks"].read_text(encoding="utf-8")) == []
