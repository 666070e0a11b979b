"""`chartlake status --env dev`: its queries to S3, Athena and Snowflake.

moto has the bucket and takes Athena's statements, whose rows the test has queued; the account on
loopback takes Snowflake's. Neither runs SQL: that the questions are right is tested on the lake.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from moto import mock_aws

from chartlake.status import loaded, published
from chartlake.status.facts import Run, TableLoad, Warehouse
from chartlake.status.loaded import read_warehouse
from chartlake.status.on_aws import schedule_of
from chartlake.status.published import read_runs
from infra.settings import read_settings
from tests.support.command import chartlake
from tests.support.snowflake_account import account

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BUCKET = "chartlake-dev-raw-123456789012-eu-west-1"
ACCOUNT = "123456789012"
CHARTS = """
[charts.ph]
name = "Top PH"
market = "ph"
source = "playlist"
playlist_id = "37i9dQZEVXbNBz9cRCSFkY"
cadence = "daily"
expected_size = 50
tolerance = 5
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment without any login, in which one chart is watched."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "charts.toml").write_text(CHARTS, encoding="utf-8")
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(tmp_path / "charts.toml"))
    return tmp_path


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("s3")
        where: Any = {"LocationConstraint": "eu-west-1"}
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
        yield client


def put(s3: Any, day: int, **line: Any) -> None:
    chart = {"chart_id": "ph", "status": "captured", "key": "x", "error": None, **line}
    finished = f"2026-11-{day}T06:00:05.000000Z"
    told = {"snapshot_date": f"2026-11-{day}", "finished_at": finished, "charts": [chart]}
    key = f"raw/manifests/dt=2026-11-{day}/202611{day}T060000Z.json"
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(told).encode())


def queue(*answers: tuple[str, list[tuple[str | None, ...]]]) -> None:
    """Queue Athena's results, each with columns and rows."""
    results = [
        {
            "rows": [{"Data": [{"VarCharValue": v} if v else {} for v in row]} for row in table],
            "column_info": [
                {"Name": n, "Type": t, "Precision": 0, "Scale": 0, "Nullable": "UNKNOWN"}
                for n, t in (column.split(":") for column in columns.split())
            ],
        }
        for columns, rows in answers
        for table in [[tuple(c.split(":")[0] for c in columns.split()), *rows]]
    ]
    url = "http://motoapi.amazonaws.com/moto-api/static/athena/query-results"
    told = {"account_id": ACCOUNT, "region": "eu-west-1", "results": results}
    assert requests.post(url, json=told, timeout=5).status_code == 201


def workgroup() -> Any:
    client: Any = boto3.client("athena")
    where = {"ResultConfiguration": {"OutputLocation": "s3://results/"}}
    client.create_work_group(Name="chartlake-dev", Configuration=where)
    return client


def out(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_without_credentials_it_says_so_and_queries_nothing_more(capsys, monkeypatch, place):
    monkeypatch.setenv("SNOWFLAKE_HOME", str(place))
    assert chartlake("status", "--env", "dev", now=NOW) == 1
    told = capsys.readouterr()
    first, *lines = told.err.splitlines()
    assert first == "Error: No source could be queried:"
    assert lines[0] == (
        "S3 cannot be queried for captures: Unable to locate credentials."
        " Check AWS_PROFILE and AWS_DEFAULT_REGION, and log in."
    )
    assert lines[1].startswith(
        "Athena cannot be queried for published runs: AWS credentials or region cannot"
    )
    assert lines[2].startswith("Snowflake cannot be queried for loaded runs: ")
    assert (len(lines), told.out) == (3, "")


def test_with_only_s3_captures_are_known_and_the_rest_is_unknown(s3, capsys, monkeypatch, place):
    monkeypatch.setenv("SNOWFLAKE_HOME", str(place))
    put(s3, 19)
    put(s3, 20, status="failed", key=None, error="404: the playlist is not there.")
    assert chartlake("status", "--env", "dev", "--days", 2, now=NOW) == 1
    told = out(capsys)
    assert told[2].startswith("Athena cannot be queried for published runs: ")
    assert told[3].startswith("Snowflake cannot be queried for loaded runs: ")
    unknown = " ? unknown" * 5
    assert told[7:9] == [f"2026-11-20 ✗ failed{unknown}", f"2026-11-19 ✓ ok{unknown}"]
    assert told[-1] == (
        "2026-11-20 ph, captured: 404: the playlist is not there."
        " -> capture again (docs/runbook.md, at its top); docs/runbook.md, charts-failed"
    )


def test_the_three_sources_are_combined(s3, capsys, monkeypatch, place):
    client = workgroup()
    put(s3, 20, key="raw/ph.json")
    queue(
        (
            "dt:varchar run_id:varchar published_at:timestamp",
            [("2026-11-20", "20261120T061500Z", "2026-11-20 06:20:00.000")],
        ),
        (
            "dt:varchar run_id:varchar chart_id:varchar source_file:varchar",
            [("2026-11-20", "20261120T061500Z", "ph", "raw/ph.json")],
        ),
        (
            "dt:varchar run_id:varchar chart_id:varchar rule:varchar observed:double "
            "limit_value:double passed:boolean",
            [("2026-11-20", "20261120T061500Z", "ph", "entries_at_least", "50.0", "45.0", "true")],
        ),
        ("dt:varchar run_id:varchar chart_id:varchar source_file:varchar reason:varchar", []),
    )
    day, run = date(2026, 11, 20), "20261120T061500Z"
    short = Warehouse({(day, run): (TableLoad("tracks", 0, 40),)}, {})
    monkeypatch.setattr("chartlake.status.on_aws._warehouse", lambda settings, days: short)
    assert chartlake("status", "--env", "dev", "--days", 1, now=NOW) == 1
    told = out(capsys)
    assert told[5] == "2026-11-20 ✓ ok ✓ ok ✓ passed ✓ ok ✗ part – none"
    assert told[-1] == (
        f"2026-11-20 ph, loaded: Rows of run {run} are incomplete: tracks 0 of 40."
        " -> chartlake reconcile --env dev --refresh"
    )
    ids = client.list_query_executions()["QueryExecutionIds"]
    asked = [client.get_query_execution(QueryExecutionId=one)["QueryExecution"] for one in ids]
    assert {one["WorkGroup"] for one in asked} == {"chartlake-dev"}
    assert all("dt BETWEEN '2026-11-20' AND '2026-11-20'" in one["Query"] for one in asked)
    assert len(asked) == 4


def test_snowflake_is_queried_as_the_environments_operator(monkeypatch, tmp_path):
    monkeypatch.setenv("SNOWFLAKE_HOME", str(tmp_path))
    for name in [name for name in os.environ if "proxy" in name.lower()]:
        monkeypatch.delenv(name)
    day = date(2026, 11, 20)
    with account(tmp_path, lambda _: []) as snowflake:
        script = (
            "from datetime import date; from infra.settings import read_settings\n"
            "from chartlake.status.on_aws import _warehouse\n"
            f"print(_warehouse(read_settings('dev'), (date({day:%Y, %m, %d}),)))"
        )
        told = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False
        )
    assert told.stdout == f"{Warehouse()}\n", told.stderr
    first, second, *asked = snowflake.sent
    assert first == "USE ROLE CHARTLAKE_DEV_OPERATOR"
    assert second == "USE WAREHOUSE CHARTLAKE_DEV_WH"
    given = {"database": "CHARTLAKE_DEV", "first": day, "last": day}
    assert asked[:2] == [
        text.format(**given).strip() for text in (loaded.RUN_TABLES, loaded.VISIBLE)
    ]


def test_athena_rows_are_converted_by_their_types():
    rows: Iterator[list[dict[str, Any]]] = iter(
        [
            [{"dt": "2026-11-20", "run_id": "r", "published_at": datetime(2026, 11, 20, 6)}],  # noqa: DTZ001
            [],
            [],
            [
                {"dt": "2026-11-20", "run_id": "broken", "chart_id": None}
                | {"source_file": "f", "reason": "x"}
            ],
        ]
    )
    runs = read_runs(lambda sql: next(rows), date(2026, 11, 20), date(2026, 11, 20))
    assert [(run.run_id, run.published_at) for run in runs] == [
        ("broken", None),
        ("r", datetime(2026, 11, 20, 6, tzinfo=UTC)),
    ]
    assert isinstance(runs[0], Run)
    assert (runs[0].left_out[0].chart_id, runs[0].left_out[0].source_file) == (None, "f")


def test_a_table_with_more_rows_than_promised_is_incomplete():
    day = date(2026, 11, 20)
    told = {"snapshot_date": day, "run_id": "r"}
    tables = [
        {**told, "table_name": name, "rows_expected": 2, "rows_loaded": count}
        for name, count in (("albums", 3), ("tracks", 2))
    ]
    answers = iter([tables, []])
    assert read_warehouse(lambda sql: next(answers), "DB", day, day) == Warehouse(
        {(day, "r"): (TableLoad("albums", 3, 2),)}, {}
    )


def test_every_query_is_limited_to_its_days():
    for text in (published.MANIFESTS, published.SNAPSHOTS, published.CHECKS, published.LEFT_OUT):
        assert "WHERE dt BETWEEN '{first}' AND '{last}'" in text
    for text in (loaded.RUN_TABLES, loaded.VISIBLE):
        assert "SNAPSHOT_DATE BETWEEN '{first}' AND '{last}'" in text


@pytest.mark.parametrize(("told", "hour"), [("daily", 6), ("hourly", 0), ("none", None)])
def test_expected_captures_follow_the_environments_schedule(told, hour):
    schedule = schedule_of(read_settings("dev").model_copy(update={"schedule": told}), {"ph", "us"})
    assert (schedule.hour, schedule.is_promised) == (hour, True)
    assert schedule.charts == {"ph", "us"}
    some = schedule_of(read_settings("dev").model_copy(update={"charts": ["ph"]}), {"ph", "us"})
    assert some.charts == {"ph"}


def test_an_unknown_environment_is_reported(capsys):
    assert chartlake("status", "--env", "staging", now=NOW) == 1
    assert "There is no " in capsys.readouterr().err
