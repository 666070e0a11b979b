"""Statements sent to an AWS account, and how results are shown.

moto replaces Athena's API: it accepts any statement and returns rows that the test has queued.
So these tests cover the client, and no SQL.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from moto import mock_aws
from moto.athena.responses import AthenaResponse

from chartlake.athena import account
from chartlake.athena.statements import queries, views
from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from tests.support.command import chartlake

QUESTION = "athena/queries/climbers.sql"
ANSWER = [
    ("chart_name", "varchar", "Top PH"),
    ("rank", "integer", "3"),
    ("share", "double", "0.25"),
    ("is_latest", "boolean", "true"),
    ("captured_at", "timestamp", "2026-11-07 06:00:00.000"),
    ("streams", "bigint", None),
]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client: Any = boto3.client("athena")
        where = {"ResultConfiguration": {"OutputLocation": "s3://results/"}}
        client.create_work_group(Name="chartlake-dev", Configuration=where)
        yield client


@pytest.fixture
def no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nowhere")


def queue_answer(cells: Sequence[tuple[str, str, str | None]] = ANSWER) -> None:
    names, types, values = zip(*cells, strict=True)
    rows = [[{"VarCharValue": name} for name in names]]
    rows.append([{"VarCharValue": value} if value is not None else {} for value in values])
    columns = [
        {"Name": name, "Type": type_, "Precision": 0, "Scale": 0, "Nullable": "UNKNOWN"}
        for name, type_ in zip(names, types, strict=True)
    ]
    results = [{"rows": [{"Data": row} for row in rows], "column_info": columns}]
    url = "http://motoapi.amazonaws.com/moto-api/static/athena/query-results"
    assert requests.post(url, json={"results": results}, timeout=5).status_code == 201


def executed(client: Any) -> list[dict[str, Any]]:
    ids = client.list_query_executions()["QueryExecutionIds"]
    return [client.get_query_execution(QueryExecutionId=id_)["QueryExecution"] for id_ in ids]


def answer_with(monkeypatch: pytest.MonkeyPatch, status: dict[str, Any], scanned: int) -> None:
    """Let every execution end like this."""
    plain = AthenaResponse.get_query_execution

    def changed(self: AthenaResponse) -> str:
        told = json.loads(plain(self))
        told["QueryExecution"]["Status"] |= status
        told["QueryExecution"]["Statistics"]["DataScannedInBytes"] = scanned
        return json.dumps(told)

    monkeypatch.setattr(AthenaResponse, "get_query_execution", changed)


def test_views_are_created_after_the_views_they_read(client: Any) -> None:
    assert chartlake("aws", "views", "dev") == 0
    first, *made = executed(client)
    assert first["Query"] == "CREATE DATABASE IF NOT EXISTS chartlake"
    assert [one["Query"] for one in made] == [view.sql for view in views()]
    assert {one["WorkGroup"] for one in made} == {"chartlake-dev"}
    there: set[str] = set()
    for one in made:
        head, _, body = one["Query"].partition(" AS\n")
        assert set(re.findall(r"\bchartlake\.(\w+)", body)) <= there
        there.add(head.removeprefix("CREATE OR REPLACE VIEW chartlake."))
    assert {table.name for table in TABLES if table is not LOAD_MANIFEST} < there


def test_no_comment_and_no_semicolon_goes_to_athena() -> None:
    for statement in (*views(), *queries()):
        assert "--" not in statement.sql
        assert ";" not in statement.sql


def test_a_result_is_shown_with_the_amount_of_data_scanned(
    client: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, {}, 12_340_000)
    queue_answer()
    assert chartlake("aws", "ask", "dev", QUESTION) == 0
    shown = capsys.readouterr().out
    assert "2026-11-07 06:00:00" in shown
    assert "0.25" in shown
    assert "1 row" in shown
    assert "Athena scanned 12.3 MB; it bills at least 10 MB." in shown
    (one,) = executed(client)
    assert one["Query"].startswith("SELECT\n    chart_name,\n    rank_change,")
    assert one["QueryExecutionContext"] == {"Database": "chartlake", "Catalog": "AwsDataCatalog"}


def test_workgroup_and_catalog_come_from_the_environment(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create_work_group(Name="analysts", Configuration={})
    monkeypatch.setenv("CHARTLAKE_ATHENA_WORKGROUP", "analysts")
    monkeypatch.setenv("CHARTLAKE_ATHENA_CATALOG", "shared")
    queue_answer()
    assert chartlake("aws", "ask", "dev", QUESTION) == 0
    (one,) = executed(client)
    assert one["WorkGroup"] == "analysts"
    assert one["QueryExecutionContext"]["Catalog"] == "shared"


@pytest.mark.usefixtures("client")
def test_a_query_rejected_by_athena_gives_one_error_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = "TABLE_NOT_FOUND: line 8:6: Table 'awsdatacatalog.chartlake.song_moves' does not exist"
    answer_with(monkeypatch, {"State": "FAILED", "StateChangeReason": reason}, 0)
    assert chartlake("aws", "ask", "dev", QUESTION) == 1
    shown = " ".join(capsys.readouterr().err.split())
    assert shown == f"Error: {reason}. Create the views with `chartlake aws views`."


@pytest.mark.usefixtures("client")
def test_a_view_that_cannot_be_created_gives_one_error_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = "TABLE_NOT_FOUND: Table 'awsdatacatalog.chartlake_landing.tracks' does not exist"
    answer_with(monkeypatch, {"State": "FAILED", "StateChangeReason": reason}, 0)
    assert chartlake("aws", "views", "dev") == 1
    told = capsys.readouterr()
    assert told.err == f"Error: The database chartlake could not be created: {reason}\n"
    assert told.out == ""


@pytest.mark.parametrize(
    ("seconds", "patience"), [(0, "0 seconds"), (1, "1 second"), (2, "2 seconds")]
)
def test_a_query_that_never_finishes_is_stopped(
    client: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
    patience: str,
) -> None:
    plain, stopped = AthenaResponse.stop_query_execution, []

    def stop(self: AthenaResponse) -> Any:
        stopped.append(self._get_param("QueryExecutionId"))
        return plain(self)

    monkeypatch.setattr(AthenaResponse, "stop_query_execution", stop)
    monkeypatch.setattr(account, "PATIENCE_SECONDS", seconds)
    answer_with(monkeypatch, {"State": "RUNNING"}, 0)
    assert chartlake("aws", "ask", "dev", QUESTION) == 1
    shown = " ".join(capsys.readouterr().err.split())
    assert shown == f"Error: no result within {patience}: the query was stopped."
    assert stopped == client.list_query_executions()["QueryExecutionIds"]


def test_result_columns_of_the_same_name_are_all_kept(
    client: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    queue_answer([ANSWER[0], ANSWER[0]])
    assert chartlake("aws", "ask", "dev", QUESTION) == 1
    assert "Two columns are called chart_name: name one of them with AS." in " ".join(
        capsys.readouterr().err.split()
    )


@pytest.mark.usefixtures("no_account")
def test_without_credentials_or_region_it_says_what_to_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    assert chartlake("aws", "ask", "dev", QUESTION) == 1
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert chartlake("aws", "ask", "dev", QUESTION) == 1
    told = capsys.readouterr()
    assert " ".join(told.err.split()).count("Set AWS_PROFILE and AWS_REGION.") == 2
    assert told.out == ""


def test_a_missing_file_is_reported_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert chartlake("aws", "ask", "dev", str(Path("nowhere.sql"))) == 1
    assert (
        capsys.readouterr().err == "Error: nowhere.sql cannot be read: No such file or directory.\n"
    )
