"""Why we have a layer over fakesnow; fails when a new fakesnow no longer needs it.

Each line of the two tables in docs/embedded-warehouse.md that names a behaviour is tested here on
fakesnow alone. A failure is news, not a bug: remove the workaround from chartlake/warehouse, or
adapt it, and change the line.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fakesnow.instance import FakeSnow
from snowflake.connector.errors import ProgrammingError

PAGE = Path(__file__).parents[2] / "docs" / "embedded-warehouse.md"
COPY = "COPY INTO D.L.T FROM @D.L.S FILE_FORMAT = (TYPE = PARQUET)"
COPY += " MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE"
HISTORY = "SELECT COUNT(*) FROM D.INFORMATION_SCHEMA.LOAD_HISTORY"

Ask = Callable[[str], list[Any]]

pytestmark = pytest.mark.filterwarnings("ignore:Arrow output on a DB-API result")


def open_account(folder: Path) -> FakeSnow:
    return FakeSnow(db_path=folder)


def asking(fake: FakeSnow) -> Ask:
    connection = fake.connect(database="D")
    return lambda sql: connection.cursor().execute(sql).fetchall()


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeSnow]:
    (tmp_path / "stage" / "below").mkdir(parents=True)
    for name in ("top.parquet", "below/deep.parquet"):
        pq.write_table(pa.table({"a": [1]}), tmp_path / "stage" / name)
    account = open_account(tmp_path)
    yield account
    account.duck_conn.close()


@pytest.fixture
def ask(fake: FakeSnow, tmp_path: Path) -> Ask:
    run = asking(fake)
    run("CREATE SCHEMA D.L")
    run("CREATE TABLE D.L.T (A NUMBER(38, 0))")
    run(f"CREATE STAGE D.L.S URL = 'file://{tmp_path}/stage/'")
    return run


REFUSED = {
    "has no `CREATE PIPE`": [f"CREATE PIPE D.L.P AUTO_INGEST = TRUE AS {COPY}"],
    "has no `ALTER PIPE … REFRESH`": ["ALTER PIPE D.L.P REFRESH"],
    "knows no `PATTERN` in `COPY`": [f"{COPY} PATTERN = '.*'"],
    "knows no `INCLUDE_METADATA` in `COPY`": [f"{COPY} INCLUDE_METADATA = (A = METADATA$FILENAME)"],
    "knows no `ON_ERROR = SKIP_FILE` in `COPY`": [f"{COPY} ON_ERROR = SKIP_FILE"],
    "has no `COPY_HISTORY`": [
        "SELECT * FROM TABLE(D.INFORMATION_SCHEMA.COPY_HISTORY(TABLE_NAME => 'D.L.T',"
        " START_TIME => DATEADD('day', -1, CURRENT_TIMESTAMP())))"
    ],
    "has no `WITH MANAGED ACCESS`": ["CREATE SCHEMA D.M WITH MANAGED ACCESS"],
    "has no roles, grants and warehouses": [
        "CREATE ROLE R",
        "GRANT USAGE ON DATABASE D TO ROLE R",
        "CREATE WAREHOUSE W WAREHOUSE_SIZE = XSMALL",
        "ALTER WAREHOUSE W SET AUTO_SUSPEND = 60",
    ],
    "has no integrations and resource monitors": [
        "CREATE STORAGE INTEGRATION I TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = 'S3' ENABLED = TRUE"
        " STORAGE_AWS_ROLE_ARN = 'a' STORAGE_ALLOWED_LOCATIONS = ('s3://b/')",
        "CREATE NOTIFICATION INTEGRATION I ENABLED = TRUE TYPE = QUEUE DIRECTION = OUTBOUND"
        " NOTIFICATION_PROVIDER = AWS_SNS AWS_SNS_TOPIC_ARN = 'a' AWS_SNS_ROLE_ARN = 'b'",
        "CREATE RESOURCE MONITOR M WITH CREDIT_QUOTA = 1",
    ],
    "has no tasks, alerts and procedures": [
        "CREATE TASK D.L.K SCHEDULE = '5 MINUTE' AS SELECT 1",
        "CREATE ALERT D.L.A SCHEDULE = '5 MINUTE' IF (EXISTS (SELECT 1)) THEN SELECT 1",
        "CREATE PROCEDURE D.L.P() RETURNS VARCHAR LANGUAGE SQL AS $$ BEGIN RETURN 'a'; END $$",
    ],
    "streams, external tables, `SHOW PIPES`, time travel are missing": [
        "CREATE STREAM D.L.M ON TABLE D.L.T",
        "CREATE EXTERNAL TABLE D.L.E LOCATION = @D.L.S FILE_FORMAT = (TYPE = PARQUET)",
        "SHOW PIPES",
        "SELECT A FROM D.L.T AT (OFFSET => -60)",
    ],
}


@pytest.mark.parametrize(
    "statement", [statement for group in REFUSED.values() for statement in group]
)
def test_fakesnow_still_rejects(ask, statement):
    with pytest.raises((ProgrammingError, ValueError, duckdb.Error, NotImplementedError)):
        ask(statement)


def only_the_first_folder_is_read(ask: Ask) -> bool:
    ask(COPY)
    return ask("SELECT COUNT(*) FROM D.L.T") == [(1,)]


def an_external_stage_lists_nothing(ask: Ask) -> bool:
    return ask("LIST @D.L.S") == []


def a_second_create_forgets_what_was_loaded(ask: Ask) -> bool:
    ask(COPY)
    before = ask(HISTORY)
    ask("CREATE TABLE IF NOT EXISTS D.L.T (A NUMBER(38, 0))")
    return (before, ask(HISTORY)) == ([(1,)], [(0,)])


def sums_are_floats(ask: Ask) -> bool:
    ask("INSERT INTO D.L.T VALUES (1)")
    ((total, mean),) = ask("SELECT SUM(A), AVG(A) FROM D.L.T")
    return isinstance(total, float) and isinstance(mean, float)


def a_truncated_date_is_an_instant(ask: Ask) -> bool:
    ((day,),) = ask("SELECT DATE_TRUNC('month', DATE '2026-11-05')")
    return hasattr(day, "hour")


def a_date_is_not_formatted(ask: Ask) -> bool:
    ask("CREATE TABLE D.L.X (DT DATE)")
    ask("INSERT INTO D.L.X VALUES ('2026-11-05')")
    return ask("SELECT TO_CHAR(DT, 'YYYY-MM') FROM D.L.X") == [("2026-11-05",)]


def an_altered_table_is_empty(ask: Ask) -> bool:
    ask("INSERT INTO D.L.T VALUES (1)")
    ask("CREATE OR ALTER TABLE D.L.T (A NUMBER(38, 0), B NUMBER(38, 0))")
    return ask("SELECT COUNT(*) FROM D.L.T") == [(0,)]


def a_dynamic_table_never_changes(ask: Ask) -> bool:
    ask("CREATE DYNAMIC TABLE D.L.Y TARGET_LAG = '1 minute' WAREHOUSE = W AS SELECT A FROM D.L.T")
    ask("INSERT INTO D.L.T VALUES (1)")
    return ask("SELECT COUNT(*) FROM D.L.Y") == [(0,)]


WRONG = {
    "looks only into a stage's first folder in `COPY`": only_the_first_folder_is_read,
    "lists nothing of a stage that is not internal": an_external_stage_lists_nothing,
    "forgets a table's load history at a second `CREATE TABLE IF NOT EXISTS`": (
        a_second_create_forgets_what_was_loaded
    ),
    "sums and averages are floats": sums_are_floats,
    "`DATE_TRUNC` of a date is a timestamp": a_truncated_date_is_an_instant,
    "`TO_CHAR(date, format)` does not format": a_date_is_not_formatted,
    "`CREATE OR ALTER TABLE` drops the rows": an_altered_table_is_empty,
    "`CREATE DYNAMIC TABLE` makes a table that never changes": a_dynamic_table_never_changes,
}


@pytest.mark.parametrize("still", WRONG.values(), ids=lambda still: still.__name__)
def test_fakesnow_still_differs(ask, still):
    assert still(ask)


def test_fakesnow_still_omits_a_views_comment_from_the_file(ask, fake):
    ask("CREATE VIEW D.L.V COMMENT = 'grain' AS SELECT A FROM D.L.T")
    kept = fake.duck_conn.execute("SELECT comment FROM duckdb_views() WHERE view_name = 'V'")
    assert kept.fetchall() == [(None,)]


def test_fakesnow_still_forgets_its_stages(ask, fake, tmp_path):
    ask(COPY)
    fake.duck_conn.close()
    again = open_account(tmp_path)
    with pytest.raises(ProgrammingError, match=r"Stage 'D\.L\.S' does not exist"):
        asking(again)(COPY)
    again.duck_conn.close()


IN_TESTS_OF_THEIR_OWN = {
    "keeps a view's comment in memory alone",
    "forgets stages when it is opened again",
}
NO_BEHAVIOUR_OF_FAKESNOW = {
    "a pipe loads on request, at once and in order: no queue, no latency, no notification",
    "DuckDB forgives what Snowflake refuses: option names, rights, unknown combinations",
}


def test_every_difference_on_the_page_is_tested():
    rows = re.findall(r"^\| (.+?) \| .+\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {row for row in rows if row not in {"fakesnow alone"}}
    asked = REFUSED.keys() | WRONG.keys() | IN_TESTS_OF_THEIR_OWN | NO_BEHAVIOUR_OF_FAKESNOW
    assert listed == asked
