"""Titles and manifests that look like SQL, templates or control sequences are only data."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from chartlake.snowflake.reconcile import reconcile
from chartlake.warehouse import WarehouseError, open_warehouse
from tests.support.command import chartlake
from tests.support.hostile_text import ORDERS, TITLES
from tests.support.lake_files import write_run

DAY, RUN = date(2026, 11, 1), "20261101T060000Z"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake in a folder of an awkward name, whose titles are TITLES."""
    lake = tmp_path / 'a "lake"; -- $HOME {{ x }}'
    tracks = [{"track_id": f"t{place}", "name": title} for place, title in enumerate(TITLES)]
    write_run(lake / "chartlake-curated", DAY, RUN, {"tracks": tracks})
    with open_warehouse(
        lake / "warehouse", {"s3://chartlake-curated/": lake / "chartlake-curated"}
    ) as w:
        w.deploy()
        w.load()
    return lake


def test_titles_are_data_in_the_warehouse_and_its_prompt(lake, capsys):
    question = "SELECT NAME FROM CHARTLAKE.CORE.TRACKS ORDER BY TRACK_ID"
    with open_warehouse(lake / "warehouse") as warehouse:
        found = {row["name"] for row in warehouse.query(question)}
    assert found == set(TITLES)
    assert chartlake("sql", "--lake", lake, question) == 0
    told = capsys.readouterr().out
    assert not ORDERS.search(told)
    assert "[red]not a colour[/red]" in told
    assert r"\x1b[2J\x1b]0;owned\x07" in told


@pytest.mark.parametrize("name", ["it's", "all *", "why?", "[a]"])
def test_a_warehouse_path_with_quotes_or_patterns_is_rejected(tmp_path, name):
    """A folder whose name would end an SQL text or act as a pattern is rejected."""
    for folder, mounts in ((tmp_path / name, {}), (tmp_path / "w", {"s3://b/": tmp_path / name})):
        with (
            pytest.raises(WarehouseError, match="The name of this folder must not contain ."),
            open_warehouse(folder, mounts),
        ):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_lake_in_such_a_folder_can_be_queried_as_in_athena(tmp_path, capsys):
    lake, question = tmp_path / "it's; --", tmp_path / "q.sql"
    write_run(lake / "chartlake-curated", DAY, RUN, {"tracks": [{"track_id": "t", "name": "Moss"}]})
    question.write_text("SELECT name FROM chartlake.tracks", encoding="utf-8")
    assert chartlake("ask", "--lake", lake, str(question)) == 0
    assert "Moss" in capsys.readouterr().out


def test_titles_are_data_in_the_athena_stand_in_and_its_prompt(lake, tmp_path, capsys):
    question = tmp_path / "q.sql"
    question.write_text("SELECT name FROM chartlake.tracks ORDER BY track_id", encoding="utf-8")
    assert chartlake("ask", "--lake", lake, str(question)) == 0
    told = capsys.readouterr().out
    assert not ORDERS.search(told)
    assert all(title in told for title in TITLES if not ORDERS.search(title))


def test_an_error_with_a_title_has_no_control_sequences(lake, capsys):
    question = "SELECT NAME::INTEGER FROM CHARTLAKE.CORE.TRACKS WHERE TRACK_ID = 't6'"
    assert chartlake("sql", "--lake", lake, question) == 1
    told = capsys.readouterr().err
    assert "owned" in told
    assert not ORDERS.search(told)


def test_an_unreadable_query_file_gives_one_error_message(lake, tmp_path, capsys):
    (tmp_path / "q.sql").write_bytes(b"\xff\xfe\x00")
    file = tmp_path / "q.sql"
    assert chartlake("sql", "--lake", lake, "--file", file) == 1
    assert chartlake("ask", "--lake", lake, file) == 1
    assert capsys.readouterr().err.replace("\n", "").count("cannot be read") == 2


HOSTILE_FOLDERS = [
    "dt=2026-11-01/run=x'; DROP TABLE T; --/part-0.parquet",
    "dt=2026-11-01/run=../../other/part-0.parquet",
    "dt=../../run=x/part-0.parquet",
    "dt=2026-11-01/run=x\n/part-0.parquet",
]
PLAIN = "dt=2026-11-01/run=20261101T060000Z/part-'\x1b[2J.parquet"


def test_a_refresh_only_names_folders_of_runs(capsys):
    """S3 has malformed names; statements run only for the valid one."""
    ran: list[str] = []

    def ask(sql: str) -> list[dict[str, Any]]:
        ran.append(sql)
        if not sql.startswith("LIST"):
            return []
        came = "Fri, 20 Nov 2099 06:00:00 GMT"
        names = [f"s3://b/curated/load_manifest/{name}" for name in [*HOSTILE_FOLDERS, PLAIN]]
        return [{"name": name, "last_modified": came} for name in names]

    assert reconcile(ask, "CHARTLAKE", refresh=True) == 0
    assert [sql for sql in ran if not sql.startswith(("LIST", "SELECT"))] == [
        "ALTER PIPE CHARTLAKE.LANDING.LOAD_MANIFEST_PIPE REFRESH PREFIX ="
        " 'dt=2026-11-01/run=20261101T060000Z/'"
    ]
    assert not ORDERS.search(capsys.readouterr().out)


@pytest.mark.parametrize("column", ["TABLE_NAME", "RUN_ID"])
@pytest.mark.parametrize("value", ["x''; DROP TABLE T; --", "../x", "a b", "a\n", "{{x}}"])
def test_manifest_values_never_become_sql(lake, column, value):
    with open_warehouse(lake / "warehouse") as warehouse:
        warehouse.query("UPDATE CHARTLAKE.LANDING.LOAD_MANIFEST SET ROW_COUNT = 99")
        gaps = "SELECT REFRESH_STATEMENT AS IT FROM CHARTLAKE.OPS.LOAD_GAPS"
        pipes = {sql["it"].split()[2] for sql in warehouse.query(gaps)}
        names = [table.name.upper() for table in TABLES if table is not LOAD_MANIFEST]
        assert pipes == {f"CHARTLAKE.LANDING.{name}_PIPE" for name in names}
        warehouse.query(f"UPDATE CHARTLAKE.LANDING.LOAD_MANIFEST SET {column} = '{value}'")
        assert warehouse.query(gaps) == []
