"""How a Lambda asks Athena: moto stands in for its API, and answers what the test has queued."""

import json
from datetime import UTC, date, datetime

import boto3
import pytest
import requests
from moto import mock_aws
from moto.athena.responses import AthenaResponse

from report import athena
from report.athena import ask_athena
from report.sources import SourceError

ANSWER = [
    ("chart_name", "varchar", "Top, \n50", "Top, \n50"),
    ("rank", "integer", "3", 3),
    ("editions", "bigint", "12345678901", 12_345_678_901),
    ("share", "double", "0.25", 0.25),
    ("tiny", "double", "1.0E-7", 1e-7),
    ("whole", "decimal", "2.00", 2),
    ("part", "decimal", "2.50", 2.5),
    ("is_latest", "boolean", "true", True),
    ("is_repeat", "boolean", "false", False),
    ("snapshot_date", "date", "2026-11-07", date(2026, 11, 7)),
    ("captured_at", "timestamp", "2026-11-07 06:00:00.000", datetime(2026, 11, 7, 6, tzinfo=UTC)),
    ("streams", "bigint", None, None),
    ("empty", "varchar", "", ""),
]


@pytest.fixture
def client():
    with mock_aws():
        made = boto3.client("athena", region_name="us-east-1")
        where = {"ResultConfiguration": {"OutputLocation": "s3://results/"}}
        made.create_work_group(Name="chartlake-test", Configuration=where)
        yield made


def queue(columns, rows):
    """Let the next question be answered so; the first row is the heading, as it is in Athena."""
    info = [
        {"Name": name, "Type": kind, "Precision": 0, "Scale": 0, "Nullable": "UNKNOWN"}
        for name, kind in columns
    ]
    told = [[name for name, _ in columns], *rows]
    cells = [{"Data": [{"VarCharValue": c} if c is not None else {} for c in row]} for row in told]
    url = "http://motoapi.amazonaws.com/moto-api/static/athena/query-results"
    results = {"results": [{"rows": cells, "column_info": info}]}
    assert requests.post(url, json=results, timeout=5).status_code == 201


def end_as(monkeypatch, *states, reason=None):
    """Let a question be in these states, one after the other."""
    plain, left = AthenaResponse.get_query_execution, list(states)

    def changed(self):
        told = json.loads(plain(self))
        state = left.pop(0) if len(left) > 1 else left[0]
        told["QueryExecution"]["Status"] |= {"State": state, "StateChangeReason": reason}
        return json.dumps(told)

    monkeypatch.setattr(AthenaResponse, "get_query_execution", changed)


def test_an_answer_has_the_values_of_its_types(client):
    queue([cell[:2] for cell in ANSWER], [[cell[2] for cell in ANSWER]])
    assert ask_athena(client, "chartlake-test")("\nSELECT 1\n") == [
        {name: value for name, _, _, value in ANSWER}
    ]
    [query] = client.list_query_executions()["QueryExecutionIds"]
    asked = client.get_query_execution(QueryExecutionId=query)["QueryExecution"]
    assert (asked["Query"], asked["WorkGroup"]) == ("SELECT 1", "chartlake-test")
    assert asked["QueryExecutionContext"] == {"Database": "chartlake", "Catalog": "AwsDataCatalog"}


class Pages:
    """Athena's answer of several pages, which moto cannot give: one heading, on the first."""

    def get_paginator(self, operation):
        assert operation == "get_query_results"
        return self

    def paginate(self, **_):
        info = {"ColumnInfo": [{"Name": "n", "Type": "integer"}]}
        for rows in (["n", "1", "2"], ["3", "4"], ["5"]):
            data = [{"Data": [{"VarCharValue": text}]} for text in rows]
            yield {"ResultSet": {"Rows": data, "ResultSetMetadata": info}}


def test_every_page_is_read_and_its_heading_is_no_row():
    assert [row["n"] for row in athena._rows(Pages(), "q")] == [1, 2, 3, 4, 5]


def test_it_waits_for_the_answer(client, monkeypatch):
    slept: list[float] = []
    end_as(monkeypatch, "QUEUED", "RUNNING", "SUCCEEDED")
    queue([("n", "integer")], [])
    assert ask_athena(client, "chartlake-test", slept.append)("SELECT 1") == []
    assert slept == [1, 1]


def test_a_question_without_an_end_is_stopped(client, monkeypatch):
    stopped = []
    monkeypatch.setattr(athena, "PATIENCE_SECONDS", 3)
    end_as(monkeypatch, "RUNNING")
    monkeypatch.setattr(client, "stop_query_execution", lambda **what: stopped.append(what))
    with pytest.raises(SourceError, match="did not answer within 3 seconds, and was stopped"):
        ask_athena(client, "chartlake-test", lambda _: None)("SELECT 1")
    assert [
        {"QueryExecutionId": query} for query in client.list_query_executions()["QueryExecutionIds"]
    ] == stopped


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        (
            "FAILED",
            "TABLE_NOT_FOUND: line 1:1: Table 'x'\n does not exist",
            "Athena did not answer: TABLE_NOT_FOUND: line 1:1: Table 'x' does not exist. "
            "The views are made by `make athena-views`.",
        ),
        (
            "FAILED",
            "Bytes scanned limit was exceeded",
            "Athena did not answer: Bytes scanned limit was exceeded.",
        ),
        ("CANCELLED", None, "Athena did not answer: cancelled."),
    ],
)
def test_what_athena_refuses_is_said_in_a_sentence(client, monkeypatch, state, reason, told):
    end_as(monkeypatch, state, reason=reason)
    with pytest.raises(SourceError) as error:
        ask_athena(client, "chartlake-test")("SELECT 1")
    assert str(error.value) == told
