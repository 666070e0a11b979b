"""What the vendor's own `snow sql` sends during a deploy; `make setup-dev` installs it."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import snowflake.connector as snowflake_connector

from chartlake.snowflake import deploy, snow_cli, sql_files
from chartlake.snowflake.environments import FOLDER, read_environment
from tests.support.command import chartlake
from tests.support.snowflake_account import DONE, Account, Rows, account

LOCAL = read_environment("local")
LISTED = '{"status": "success", "actions": {"LIST": {"status": "success"}}}'
DENIED = {
    "status": "failure",
    "actions": {"LIST": {"status": "failure", "message": "AccessDenied: sts:AssumeRole"}},
}
GUIDE = (sql_files.FOLDER.parent / "docs" / "snowflake.md").read_text(encoding="utf-8")
QUEUE = "arn:aws:sqs:eu-west-1:111111111111:sf-snowpipe-ABC"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An isolated home for the client's settings, without a proxy."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SNOWFLAKE_HOME", str(tmp_path / "snowflake"))
    return tmp_path / "snowflake"


@pytest.fixture
def served(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Serve an account to `snow`, and to the connector, which reads its settings at import."""

    @contextmanager
    def serve(answer: Callable[[str], Rows | str]) -> Iterator[Account]:
        with account(home, answer) as snowflake:
            connect = partial(snowflake_connector.connect, **snowflake.connection)
            monkeypatch.setattr(snowflake_connector, "connect", connect)
            yield snowflake

    return serve


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment `mine`: dev with an account of its own."""
    text = (FOLDER / "dev.toml").read_text(encoding="utf-8").replace("0" * 12, "1" * 12)
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    variables = read_environment("mine", tmp_path)
    monkeypatch.setattr(deploy, "read_environment", lambda _: variables)
    return variables


def answers(sql: str, listed: str = LISTED) -> Rows | str:
    """The responses of an account with both integrations."""
    properties: dict[str, str] = {}
    if "SYSTEM$VALIDATE_STORAGE_INTEGRATION" in sql:
        return [{"ANSWER": listed}]
    if sql.startswith("SHOW PIPES"):
        return [{"name": name, "notification_channel": QUEUE} for name in ("A_PIPE", "B_PIPE")]
    if sql.startswith("DESC INTEGRATION CHARTLAKE_DEV_S3"):
        properties = {
            "STORAGE_AWS_IAM_USER_ARN": "arn:aws:iam::222222222222:user/storage",
            "STORAGE_AWS_EXTERNAL_ID": "chartlake-dev",
        }
    if sql.startswith("DESC INTEGRATION CHARTLAKE_DEV_ALARMS"):
        properties = {
            "SF_AWS_IAM_USER_ARN": "arn:aws:iam::222222222222:user/alarms",
            "SF_AWS_EXTERNAL_ID": "X_SFCRole=1",
        }
    rows = [{"property": name, "property_value": value} for name, value in properties.items()]
    return rows or DONE


def words(sql: str) -> str:
    return " ".join(sql.removesuffix(";").split())


def planned(variables: dict[str, str]) -> list[str]:
    files = sql_files.sql_files()
    return [words(s) for path in files for s in sql_files.statements(path, variables)]


def test_snow_sends_what_the_plan_prints(served, mine, capsys):
    with served(answers) as snowflake:
        assert chartlake("snowflake", "deploy", "mine") == 0
    told = capsys.readouterr().out
    account_file, trust, database_files, queue = snowflake.sessions
    assert [words(sql) for sql in account_file + database_files] == planned(mine)
    assert trust[0] == "USE ROLE ACCOUNTADMIN"
    assert queue[0] == "USE ROLE CHARTLAKE_DEV_OPERATOR"
    assert told.startswith("Account: 27 statements of 00_account.sql\nDatabase CHARTLAKE_DEV: ")
    assert told[told.index("The bucket must") :].strip().replace("--env mine", "--env dev") in GUIDE
    assert f"that ends with .parquet:\n  {QUEUE}\n" in told


def test_a_deploy_stops_if_aws_must_be_deployed_first(served, mine, capsys):
    with served(lambda sql: answers(sql, json.dumps(DENIED))) as snowflake:
        assert chartlake("snowflake", "deploy", "mine") == 1
    assert not [sql for sql in snowflake.sent if "CREATE DATABASE" in sql]
    told = capsys.readouterr().out
    assert told.strip() in GUIDE
    assert told.partition("\n")[2] == (
        "AWS does not give Snowflake access to"
        " s3://chartlake-dev-curated-111111111111-eu-west-1/curated/ yet:"
        " AccessDenied: sts:AssumeRole\n\n"
        "Deploy the AWS stack with these, then run the same command again:\n"
        "  the role arn:aws:iam::111111111111:role/chartlake-dev-snowflake\n"
        "    trusts arn:aws:iam::222222222222:user/storage, external id chartlake-dev\n"
        "  the role arn:aws:iam::111111111111:role/chartlake-dev-snowflake-alarms\n"
        "    trusts arn:aws:iam::222222222222:user/alarms, external id X_SFCRole=1\n\n"
    )


def test_only_the_account_step_needs_an_admin(served, mine):
    with served(answers) as snowflake:
        assert chartlake("snowflake", "deploy", "mine", "--only", "database") == 0
    assert not [sql for sql in snowflake.sent if "ACCOUNTADMIN" in sql]
    assert len(snowflake.sessions) == 2, "one session for all files, one for the question"


def test_a_failed_statement_stops_the_deploy_and_is_named(served, mine, capsys):
    def refuse(sql: str) -> Rows | str:
        return "Insufficient privileges to operate" if "CREATE WAREHOUSE" in sql else DONE

    with served(refuse) as snowflake:
        assert chartlake("snowflake", "deploy", "mine") == 1
    assert "CREATE WAREHOUSE" in snowflake.sent[-1]
    assert capsys.readouterr().err == (
        "Error: 00_account.sql failed at its statement\n"
        "  CREATE WAREHOUSE IF NOT EXISTS CHARTLAKE_DEV_WH\n"
        "11 statements had run.\n"
        "003001 (42501): Insufficient privileges to operate\n"
    )


def test_a_feature_missing_from_snows_jinja_is_reported(home, tmp_path):
    path = tmp_path / "08_new.sql"
    path.write_text("{% for a in [1, 2] %}{{ loop.first }}{% endfor %};", encoding="utf-8")
    with (
        account(home) as snowflake,
        pytest.raises(snow_cli.SnowError, match=r"(?s)^08_new\.sql failed.*loop\.last\.$"),
    ):
        snow_cli.run_files([path], LOCAL)
    assert snowflake.sent == []


def test_a_missing_account_configuration_is_reported(home, mine, capsys):
    home.mkdir()
    assert chartlake("snowflake", "deploy", "mine") == 1
    assert "Connection default is not configured" in capsys.readouterr().err


class CalledError(Exception):
    """Raised by a command that must not run."""


def test_no_argument_has_a_credential(monkeypatch, home, mine):
    lists: list[Any] = []

    def note(arguments: list[str], **_: Any) -> Any:
        lists.append(arguments)
        raise CalledError

    monkeypatch.setattr("subprocess.run", note)
    with pytest.raises(CalledError):
        chartlake("snowflake", "deploy", "mine")
    flags = {word for word in lists[0] if word.startswith("-")}
    assert flags == {"--format", "--enable-templating", "-D", "-f"}
    given = {lists[0][i + 1] for i, word in enumerate(lists[0]) if word == "-D"}
    assert given == {f"{name}={value}" for name, value in mine.items()}


def test_an_environment_with_example_values_is_not_deployed(capsys):
    assert chartlake("snowflake", "deploy", "dev") == 1
    assert "dev.toml still has the example account 000000000000" in capsys.readouterr().err


def test_the_plan_has_the_files_in_order_without_placeholders(capsys):
    assert chartlake("snowflake", "plan", "dev") == 0
    told = capsys.readouterr()
    names = re.findall(r"^-- ==== (.+)$", told.out, re.MULTILINE)
    assert names == sorted(path.name for path in sql_files.FOLDER.glob("[0-9]*.sql"))
    assert not re.search(r"\{\{|\{%|%\}|\}\}", told.out)
    assert told.err == "dev.toml still has the example account.\n"
    pipe = re.search(r"CREATE PIPE [^;]+LANDING\.TRACKS_PIPE[^;]+;", told.out)
    assert pipe
    assert pipe[0] == (
        "CREATE PIPE IF NOT EXISTS CHARTLAKE_DEV.LANDING.TRACKS_PIPE\n"
        "AUTO_INGEST = TRUE\n"
        "ERROR_INTEGRATION = CHARTLAKE_DEV_ALARMS\n"
        "COMMENT = 'Loads the files of curated/tracks/'\n"
        "AS\n"
        "COPY INTO CHARTLAKE_DEV.LANDING.TRACKS\n"
        "FROM @CHARTLAKE_DEV.LANDING.CURATED/tracks/\n"
        "PATTERN = '(.*/)?tracks/dt=[0-9-]+/run=[0-9A-Za-z-]+/part-[^/]+[.]parquet'\n"
        "FILE_FORMAT = (FORMAT_NAME = 'CHARTLAKE_DEV.LANDING.PARQUET_FILES')\n"
        "MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE\n"
        "ON_ERROR = SKIP_FILE\n"
        "INCLUDE_METADATA = (\n"
        "    SRC_FILE = METADATA$FILENAME,\n"
        "    SRC_ROW = METADATA$FILE_ROW_NUMBER,\n"
        "    LOADED_AT = METADATA$START_SCAN_TIME\n"
        ");"
    )


def test_a_plan_without_an_environment_lists_the_valid_ones(capsys):
    assert chartlake("snowflake", "plan", "nowhere") == 1
    assert capsys.readouterr().err == (
        "Error: There is no environment 'nowhere'. Available: dev, local, prod.\n"
    )


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, "0 statements of a.sql"), (1, "1 statement of a.sql"), (2, "2 statements of a.sql")],
)
def test_the_executed_statements_are_counted(number, told):
    assert deploy.statements_of(number, "a.sql") == told


@pytest.mark.parametrize(
    ("answered", "sentence"),
    [
        (0, "0 statements had run."),
        (1, "1 statement had run."),
        (2, "2 statements had run."),
    ],
)
def test_the_statements_before_a_failed_one_are_counted(tmp_path, monkeypatch, answered, sentence):
    path = tmp_path / "08_new.sql"
    path.write_text("SELECT 1;\nSELECT 2;\nSELECT 3;\n", encoding="utf-8")
    failed = subprocess.CompletedProcess([], 1, "[\n" + "  [\n  ],\n" * answered, "no")
    monkeypatch.setattr(snow_cli, "_snow", lambda *_: failed)
    with pytest.raises(snow_cli.SnowError) as caught:
        snow_cli.run_files([path], {})
    assert str(caught.value).splitlines()[2] == sentence
