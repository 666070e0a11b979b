"""docs/snowflake.md is complete, and its SQL runs; its output is checked by the commands' tests."""

import re
from datetime import date
from pathlib import Path

from chartlake.snowflake.environments import read_environment
from chartlake.snowflake.sql_files import ACCOUNT_FILE, FOLDER, sql_files, statements
from chartlake.warehouse import open_warehouse
from tests.support.lake_files import write_run

ROOT = FOLDER.parent
GUIDE = (ROOT / "docs" / "snowflake.md").read_text(encoding="utf-8")
WORKSHEET, TAKE_DOWN = re.findall(r"```sql\n(.+?)```", GUIDE, re.DOTALL)
DAY = date(2026, 11, 1)
SONG = {"chart_id": "top", "track_id": "t", "song_id": "s"}


def test_the_first_worksheet_returns_its_answer(tmp_path):
    lake = tmp_path / "lake"
    moved: dict[str, object] = {**SONG, "rank": 3, "movement": "debut"}
    tables: dict[str, list[dict[str, object]]] = {
        "chart_snapshots": [{"chart_id": "top", "chart_name": "Top 50"}],
        "song_trends": [moved, {**moved, "song_id": "r", "rank": 1, "movement": "up"}],
        "tracks": [{"track_id": "t", "name": "Tangerine"}],
        "track_artists": [{"track_id": "t", "artist_id": "a"}],
        "artists": [{"artist_id": "a", "name": "Vale"}],
    }
    write_run(lake, DAY, "20261101T060000Z", tables)
    with open_warehouse(tmp_path / "warehouse", {"s3://chartlake-curated/": lake}) as warehouse:
        warehouse.deploy()
        warehouse.load()
        assert warehouse.query(WORKSHEET.strip().rstrip(";")) == [
            {"chart_name": "Top 50", "rank": 3, "title": "Tangerine", "artists": "Vale"}
        ]


def test_everything_a_deploy_creates_outside_the_database_is_removed():
    account = statements(ACCOUNT_FILE, read_environment("dev"))
    made = r"CREATE (?:STORAGE |NOTIFICATION )?(.+?) IF NOT EXISTS (\w+)"
    names = {found.groups() for sql in account if (found := re.match(made, sql))}
    assert {kind for kind, _ in names} == {"INTEGRATION", "RESOURCE MONITOR", "ROLE", "WAREHOUSE"}
    dropped = set(re.findall(r"DROP (.+?) IF EXISTS (\w+)", TAKE_DOWN))
    assert dropped == names | {("DATABASE", "CHARTLAKE_DEV")}


def test_the_list_of_files_is_complete_and_in_order():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\d\d_\w+\.sql)` \|", readme, re.MULTILINE)
    assert listed == [path.name for path in sql_files()]


def test_every_role_is_explained():
    roles = set(
        re.findall(r"CREATE ROLE IF NOT EXISTS \{\{ prefix \}\}_(\w+)", ACCOUNT_FILE.read_text())
    )
    assert roles == set(re.findall(r"^\| `…_(\w+)` \|", GUIDE, re.MULTILINE))


def test_every_reason_in_a_reconciliation_is_explained():
    gaps = Path(ROOT / "chartlake/snowflake/gaps.py").read_text(encoding="utf-8")
    (advice,) = re.findall(r"\| it says \| do \|\n(.+?)\n\n", GUIDE, re.DOTALL)
    for words in re.findall(
        r"`([^`]+)`", " ".join(line.split(" | ")[0] for line in advice.splitlines()[1:])
    ):
        assert words.removesuffix(" …") in gaps, words
