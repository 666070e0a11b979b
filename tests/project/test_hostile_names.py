"""Hostile names that look like a path, SQL or a template are only names."""

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chartlake.contract.chart_config import ChartsFileError, parse_charts
from chartlake.snowflake.environments import FOLDER, EnvironmentFileError, read_environment
from extract_lambda.chart_files.name import ChartFileError
from extract_lambda.event import EventError, read_event
from extract_lambda.inbox import InboxError, import_arrivals
from extract_lambda.settings import ImportSettings, SettingsError, read_settings
from glue_jobs.build.arguments import parse_arguments
from infra.settings import SettingsError as DeploymentError
from infra.settings import read_settings as read_deployment
from tests.support.command import chartlake
from tests.support.hostile_text import ORDERS, TITLES
from tests.support.spotify_fixtures import GLOBAL

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)


def charts_file(chart_id: str, name: str = "Mine") -> str:
    entry = f'name = {json.dumps(name)}\nmarket = "us"\nsource = "charts_csv"\ncadence = "daily"\n'
    return f"[charts.{json.dumps(chart_id)}]\n{entry}expected_size = 1\ntolerance = 0\n"


@pytest.mark.parametrize(
    "chart_id",
    [
        *("../x", "a/b", "a=b", "a\\b", "%2e%2e", ".", "..", "", " ", "a b", "A", "ａ", "a\n"),
        *("a\0b", "a;b", "a'b", 'a"b', "{{a}}", "a$b", "a*", "x" * 65, "\x1b[2J", "-a--b"),
    ],
)
def test_a_chart_id_has_only_lowercase_letters_digits_and_underscores(chart_id):
    with pytest.raises(ChartsFileError, match="the id may contain only a-z, 0-9 and _") as e:
        parse_charts(charts_file(chart_id), "charts.toml")
    assert not ORDERS.search(str(e.value))


@pytest.mark.parametrize("name", TITLES)
def test_a_chart_name_is_any_printable_text(name):
    if ORDERS.search(name):
        with pytest.raises(ChartsFileError, match="allowed: printable text") as e:
            parse_charts(charts_file("mine", name), "charts.toml")
        assert not ORDERS.search(str(e.value))
    else:
        assert parse_charts(charts_file("mine", name), "charts.toml")[0].name == name


EVENTS: dict[str, list[Any]] = {
    "charts": [
        *([name] for name in ("../x", "a/b", "\0", "\x1b[2J", "x" * 9999)),
        [{}],
        [None],
        "x",
    ],
    "snapshot_date": [
        *("../..", "2026-11-20/../x", "2026-11-20\n", "dt=x", "\x1b[2J", "2026-02-30", ""),
        *(20261120, [], "٢٠٢٦-١١-٢٠"),
    ],
    "scheduled_at": [
        *("../x", "2026-11-20T06:00:00Z/../../x", "\0", 7, {}),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
    ],
}


@pytest.mark.parametrize(
    "event", [{name: value} for name, values in EVENTS.items() for value in values], ids=repr
)
def test_an_event_names_only_valid_days_timestamps_and_charts(event):
    with pytest.raises(EventError) as refused:
        read_event(event, [GLOBAL], NOW)
    assert not ORDERS.search(str(refused.value))


CHART_FILE = (
    "\ufeffrank,uri,artist_names,track_name,source,peak_rank,previous_rank,days_on_chart,streams\n"
    '1,spotify:track:0000000000000000000000,"A","B","C",1,1,1,10\n'
)


@pytest.mark.parametrize(
    "name",
    [
        *("regional-us-daily-2026-10-01.csv; touch owned", "$(touch owned).csv", "a 'b' \"c\".csv"),
        *("\x1b[2Jowned.csv", "regional-us-daily-2026-10-01\n.csv", "-rf", "--raw-root=x", "*.csv"),
        *("regional-us-daily-2026-10-01.csv\r", "{{ 7 }}.csv", "<script>.csv", "\u202evsc.exe"),
        *(
            "regional-us-daily-2026-02-30.csv",
            "regional-../x-daily-2026-10-01.csv".replace("/", "%2f"),
        ),
    ],
)
def test_a_chart_file_with_an_invalid_name_is_not_imported(tmp_path, monkeypatch, capsys, name):
    downloads, raw = tmp_path / "downloads", tmp_path / "raw"
    downloads.mkdir()
    (downloads / name).write_text(CHART_FILE, encoding="utf-8")
    (tmp_path / "charts.toml").write_text(charts_file("mine"), encoding="utf-8")
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(tmp_path / "charts.toml"))
    monkeypatch.chdir(tmp_path)
    assert chartlake("import", "--raw", raw, "--", downloads / name) == 1
    told = capsys.readouterr().out
    assert told.startswith("rejected: ")
    assert told.count("\n") == 2
    assert not ORDERS.search(told)
    assert not raw.exists()
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("inbox/../raw/regional-us-daily-2026-10-01.csv", ChartFileError),
        ("inbox/deeper/regional-us-daily-2026-10-01.csv", ChartFileError),
        ("inbox/%2e%2e%2fregional-us-daily-2026-10-01.csv", ChartFileError),
        ("inbox/\x1b[2J.csv", ChartFileError),
        ("raw/manifests/dt=2026-10-01/x.json", InboxError),
        ("/inbox/regional-us-daily-2026-10-01.csv", InboxError),
        ("inbox", InboxError),
    ],
)
def test_an_object_with_an_invalid_name_is_not_imported(monkeypatch, key, error):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    charts = parse_charts(charts_file("mine"), "charts.toml")
    told = {"bucket": {"name": "lake"}, "object": {"key": key}}
    event = {"time": "2026-11-20T06:00:00Z", "detail": told}
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="lake")
        client.put_object(Bucket="lake", Key=key, Body=CHART_FILE.encode())
        with pytest.raises(error) as refused:
            import_arrivals(event, ImportSettings("s3://lake", charts), lambda: NOW)
        assert [item["Key"] for item in client.list_objects_v2(Bucket="lake")["Contents"]] == [key]
    assert not ORDERS.search(str(refused.value))


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "x", "\0", 7])
def test_an_event_without_a_valid_time_is_rejected(at):
    told = {"bucket": {"name": "lake"}, "object": {"key": "inbox/x"}}
    with pytest.raises(InboxError):
        import_arrivals({"time": at, "detail": told}, ImportSettings("s3://lake", ()), lambda: NOW)


@pytest.mark.parametrize(
    "name", ["../x", "../../x", "/etc/x", "a/../../x", ".", "", "x\0", "dev\n", "\x1b"]
)
def test_an_environment_is_a_name_and_not_a_path(tmp_path, name):
    inside = tmp_path / "one/two"
    inside.mkdir(parents=True)
    for folder in (tmp_path, inside.parent):
        shutil.copy(FOLDER / "local.toml", folder / "x.toml")
    with pytest.raises(EnvironmentFileError, match="There is no environment") as of_snowflake:
        read_environment(name, inside)
    with pytest.raises(DeploymentError, match="There is no ") as of_aws:
        read_deployment(name, inside)
    assert not ORDERS.search(str(of_snowflake.value) + str(of_aws.value))


def test_a_file_does_not_rename_its_environment(tmp_path):
    text = (ROOT / "infra/environments/dev.toml").read_text(encoding="utf-8")
    (tmp_path / "dev.toml").write_text(f'environment = "prod"\n{text}', encoding="utf-8")
    assert read_deployment("dev", tmp_path).environment == "dev"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("storage_role_arn", "arn:aws:iam::123456789012:role/x'; DROP DATABASE y; --"),
        ("alarm_topic_arn", 'arn:aws:sns:eu-west-1:123456789012:x" y'),
        ("alarm_role_arn", "arn:aws:iam::123456789012:role/{{ prefix }}"),
        ("storage_external_id", "x' OR '1' = '1"),
        ("database", "A; DROP DATABASE B"),
        ("prefix", '"A"'),
        ("prefix", "{{ database }}"),
        ("bucket", "a/../b"),
        ("warehouse_size", "XSMALL COMMENT = 'x'"),
        ("auto_suspend_seconds", "60 --"),
        ("credit_quota", "1\n2"),
        ("watch", "RESUME; SELECT 1"),
    ],
)
def test_a_variable_never_carries_sql(tmp_path, variable, value):
    text = (FOLDER / "local.toml").read_text(encoding="utf-8")
    kept = re.sub(rf"(?m)^{variable} = .*\n", "", text)
    (tmp_path / "mine.toml").write_text(f"{variable} = {json.dumps(value)}\n{kept}", "utf-8")
    with pytest.raises(EnvironmentFileError, match=f"{variable} = .* is invalid"):
        read_environment("mine", tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        *("http://api.spotify.com/v1/", "http://127.0.0.1.example.com/", "ftp://127.0.0.1/", ""),
        *("https://me:hunter2@api.spotify.com/v1/", "//api.spotify.com/", "file:///etc/passwd"),
        *("http://127.0.0.1@example.com/", "http://[::1", "javascript:x", "HTTP://example.com"),
    ],
)
@pytest.mark.parametrize("name", ["SPOTIFY_API_URL", "SPOTIFY_TOKEN_URL"])
def test_credentials_go_over_tls_or_stay_on_this_machine(name, address):
    known = {"CHARTLAKE_RAW_ROOT": "x", "SPOTIFY_CLIENT_ID": "i", "SPOTIFY_CLIENT_SECRET": "s"}
    if not address:
        assert read_settings({**known, name: address}).api_url == "https://api.spotify.com/v1/"
        return
    with pytest.raises(SettingsError, match=f"^{name} must be https://host/") as refused:
        read_settings({**known, name: address})
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--start-date", ".."],
        ["--start-date", "2026-11-20/../x"],
        ["--start-date", "2026-11-20", "--end-date", "../.."],
        ["--start-date", "2026-11-20", "--end-date", "--charts-file=s3://elsewhere/charts.toml"],
        ["--start-date", "--raw-root"],
        ["--start-date", "2026-11-20", "--run-id", "../x"],
        ["--start-date", "2026-11-20\n"],
    ],
)
def test_a_job_accepts_dates_and_not_paths_as_days(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--raw-root", "r", "--curated-root", "c", *arguments], NOW)
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err
