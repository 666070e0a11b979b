"""From the schedule to the job: the real Lambdas write, the deployed rules and machines continue.

moto calls no Lambda and no state machine from a rule. So each test passes on what the deployed
schedule or rule would have: the input in the schedule, or the event that the rule matched.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chartlake.contract.chart_config import read_charts
from chartlake.spotify_stand_in.server import SpotifyServer
from chartlake.spotify_stand_in.simulated_charts import simulated_source
from extract_lambda import handler, inbox
from extract_lambda.chart_files.importing import write_manifest
from extract_lambda.raw.store import open_store
from glue_jobs.build.arguments import parse_arguments
from tests.support.aws_on_moto import RAW, deployed_on_moto, until
from tests.support.chart_file_builders import CHARTS_FILE, DAILY_NAME, NEW
from tests.support.spotify_fixtures import forget_logs

MANIFEST = "raw/manifests/dt=2026-11-20/20261120T060000Z.json"
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
CHARTS = ["top50_global", "top50_philippines", "top_songs_global", "top_songs_philippines"]


@pytest.fixture(scope="module")
def deployment():
    with deployed_on_moto() as made:
        for rule in ("manifest-arrived", "inbox"):
            spy(made, f"chartlake-test-{rule}", rule)
        yield made


@pytest.fixture
def aws(deployment):
    deployment.glue_runs().clear()
    yield deployment
    forget_logs()


@pytest.fixture
def spotify(aws, monkeypatch):
    """The stand-in for Spotify, and the environment of the deployed Lambda."""
    with SpotifyServer(
        simulated_source(read_charts(Path("charts.toml"))), date(2026, 11, 20)
    ) as server:
        monkeypatch.setenv("SPOTIFY_API_URL", server.api_url)
        monkeypatch.setenv("SPOTIFY_TOKEN_URL", server.token_url)
        known = {"client_id": "the-id", "client_secret": "the-secret"}
        aws.client("secretsmanager").put_secret_value(
            SecretId="chartlake-test/spotify", SecretString=json.dumps(known)
        )
        as_deployed(aws, "extract", monkeypatch)
        yield server


def as_deployed(aws, function, monkeypatch):
    told = aws.client("lambda").get_function(FunctionName=f"chartlake-test-{function}")
    for name, value in told["Configuration"]["Environment"]["Variables"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


def spy(aws, rule, queue):
    """Replace the target of a rule, which moto cannot call, with a queue."""
    events = aws.client("events")
    called = events.list_targets_by_rule(Rule=rule)["Targets"]
    events.remove_targets(Rule=rule, Ids=[target["Id"] for target in called])
    aws.client("sqs").create_queue(QueueName=queue)
    arn = f"arn:aws:sqs:eu-west-1:123456789012:{queue}"
    events.put_targets(Rule=rule, Targets=[{"Id": "spy", "Arn": arn}])


def let_through(aws, queue):
    """Return the events that a rule matched."""
    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    taken = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in taken:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in taken]


def executions(aws, machine):
    found = aws.client("stepfunctions").list_executions(stateMachineArn=aws.machine(machine))
    return {execution["name"]: execution for execution in found["executions"]}


def end_all_runs(aws):
    """Let the runs of the job succeed, and wait until no execution waits for them."""
    for run in aws.glue_runs():
        if run._status == "STARTING":
            aws.end_run(run, "SUCCEEDED")
    until(
        lambda: {execution["status"] for execution in executions(aws, "build").values()},
        lambda statuses: statuses <= {"SUCCEEDED"},
    )


def scheduled_input(aws):
    target = aws.client("scheduler").get_schedule(Name="chartlake-test-capture")["Target"]
    return json.loads(
        target["Input"].replace("<aws.scheduler.scheduled-time>", "2026-11-20T06:00:00Z")
    )


def test_a_scheduled_capture_starts_one_job_run_for_its_day(aws, spotify):
    mailbox = aws.listen()
    result = handler.handler(scheduled_input(aws), None)
    assert result["manifest"] == MANIFEST
    events = let_through(aws, "manifest-arrived")
    # Five files were written, and one of them is a manifest.
    assert [event["detail"]["object"]["key"] for event in events] == [MANIFEST]
    arrived = aws.start("manifest_arrived", events[0])
    assert aws.ended(arrived)["status"] == "SUCCEEDED"
    build = executions(aws, "build")["2026-11-20_20261120T060000Z"]["executionArn"]
    [run] = until(aws.glue_runs, len) and aws.glue_runs()
    assert run.arguments["--start-date"] == "2026-11-20"
    assert run.arguments["--end-date"] == "2026-11-20"
    assert run.arguments["--raw-root"] == f"s3://{RAW}"
    end_all_runs(aws)
    assert aws.ended(build)["status"] == "SUCCEEDED"
    asked = json.loads(aws.client("stepfunctions").describe_execution(executionArn=build)["input"])
    assert (asked["charts"], asked["started_by"]) == (CHARTS, MANIFEST)
    # The same event again, at once or late, and the same invocation again, start nothing more.
    handler.handler(scheduled_input(aws), None)
    assert let_through(aws, "manifest-arrived") == []
    assert aws.ended(aws.start("manifest_arrived", events[0]))["status"] == "SUCCEEDED"
    assert len(aws.glue_runs()) == 1
    assert mailbox.messages() == []


def test_a_failed_chart_is_reported_and_the_others_are_built(aws, spotify, monkeypatch):
    mailbox = aws.listen()
    spotify.refusals["37i9dQZEVXbMDoHDwVN2tF"] = [404]
    monkeypatch.setattr(handler, "publish_metrics", lambda *_: None)
    with pytest.raises(handler.ChartsFailedError):
        handler.handler({"scheduled_at": "2026-11-19T06:00:00Z"}, None)
    [event] = let_through(aws, "manifest-arrived")
    assert aws.ended(aws.start("manifest_arrived", event))["status"] == "SUCCEEDED"
    [run] = until(aws.glue_runs, len) and aws.glue_runs()
    assert run.arguments["--start-date"] == "2026-11-19"
    end_all_runs(aws)
    [message] = mailbox.messages()
    assert message["Subject"] == "chartlake-test: charts of 2026-11-19 were not captured"
    lines = message["Message"].splitlines()
    assert lines[0] == "Not every chart of 2026-11-19 was captured. The others are built."
    assert json.loads(lines[2].removeprefix("Charts: ")) == CHARTS
    statuses = json.loads(lines[3].removeprefix("Status: "))
    assert statuses == ["failed", "captured", "captured", "captured"]
    first, *others = json.loads(lines[4].removeprefix("Errors: "))
    assert first.startswith("Spotify returned 404 for playlist 37i9dQZEVXbMDoHDwVN2tF")
    assert others == [None, None, None]
    assert lines[6] == "What to do: docs/runbook.md, section charts-failed."


def test_an_empty_capture_is_reported_and_nothing_runs(aws, spotify, monkeypatch):
    mailbox = aws.listen()
    monkeypatch.setattr(handler, "publish_metrics", lambda *_: None)
    for chart in read_charts(Path("charts.toml")):
        spotify.refusals[str(chart.playlist_id)] = [404]
    with pytest.raises(handler.ChartsFailedError):
        handler.handler({"scheduled_at": "2026-11-18T06:00:00Z"}, None)
    [event] = let_through(aws, "manifest-arrived")
    assert aws.ended(aws.start("manifest_arrived", event))["status"] == "SUCCEEDED"
    assert [m["Subject"] for m in mailbox.messages()] == [
        "chartlake-test: charts of 2026-11-18 were not captured"
    ]
    assert aws.glue_runs() == []
    assert "2026-11-18_20261118T060000Z" not in executions(aws, "build")


def test_a_file_in_the_inbox_starts_one_job_run_for_its_day(aws, monkeypatch, tmp_path):
    (tmp_path / "charts.toml").write_text(CHARTS_FILE, encoding="utf-8")
    as_deployed(aws, "import", monkeypatch)
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(tmp_path / "charts.toml"))
    aws.client("s3").put_object(Bucket=RAW, Key=f"inbox/{DAILY_NAME}", Body=NEW.encode())
    [arrival] = let_through(aws, "inbox")
    inbox.handler(arrival, None)
    assert let_through(aws, "inbox") == []
    [event] = let_through(aws, "manifest-arrived")
    assert aws.ended(aws.start("manifest_arrived", event))["status"] == "SUCCEEDED"
    [run] = until(aws.glue_runs, len) and aws.glue_runs()
    assert run.arguments["--start-date"] == "2026-10-01"
    assert run.arguments["--end-date"] == "2026-10-01"
    end_all_runs(aws)


def test_an_import_of_many_days_is_one_run_from_first_to_last(aws, monkeypatch):
    mailbox = aws.listen()
    as_deployed(aws, "import", monkeypatch)
    lines = [imported(f"2026-10-{day:02}", "captured") for day in (3, 1, 2)]
    lines.append(imported("2026-10-09", "failed"))
    written(lines, "20261120T100000Z")
    [event] = let_through(aws, "manifest-arrived")
    assert aws.ended(aws.start("manifest_arrived", event))["status"] == "SUCCEEDED"
    [run] = until(aws.glue_runs, len) and aws.glue_runs()
    assert run.arguments["--start-date"] == "2026-10-01"
    assert run.arguments["--end-date"] == "2026-10-03"
    end_all_runs(aws)
    [message] = mailbox.messages()
    assert "regional-us-daily-2026-10-09.csv: it is empty." in message["Message"]


def test_an_import_of_years_is_reported_with_the_command_to_run(aws, monkeypatch):
    mailbox = aws.listen()
    as_deployed(aws, "import", monkeypatch)
    written([imported("2017-01-01", "captured")] * 600, "20261120T110000Z")
    [event] = let_through(aws, "manifest-arrived")
    assert event["detail"]["object"]["size"] > 150_000
    assert aws.ended(aws.start("manifest_arrived", event))["status"] == "SUCCEEDED"
    [message] = mailbox.messages()
    assert (
        "chartlake aws run test --from 2017-01-01 --to <last day> --backfill" in message["Message"]
    )
    assert "docs/runbook.md, section large-import" in message["Message"]
    assert aws.glue_runs() == []


def imported(day, status):
    """A line of an import's manifest, as long as a real one."""
    name = f"regional-us-daily-{day}.csv"
    return {
        "file": name,
        "status": status,
        "chart_id": "us_top",
        "snapshot_date": day,
        "key": f"raw/charts_csv/dt={day}/{name}",
        "entries": 200,
        "payload_sha256": "0" * 64,
        "error": None if status == "captured" else f"{name}: it is empty.",
    }


def written(lines, run_id):
    at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert write_manifest(lines, open_store(f"s3://{RAW}"), run_id, at, at)


def test_an_unreadable_manifest_is_reported_and_fails(aws):
    mailbox = aws.listen()
    key = "raw/manifests/dt=2026-11-17/20261117T060000Z.json"
    aws.client("s3").put_object(Bucket=RAW, Key=key, Body=b"{not JSON")
    [event] = let_through(aws, "manifest-arrived")
    assert aws.ended(aws.start("manifest_arrived", event))["status"] == "FAILED"
    [message] = mailbox.messages()
    assert message["Subject"] == "chartlake-test: the charts of 2026-11-17 are not being built"
    assert 'Error: {"Error":' in message["Message"]
    assert f"Manifest: s3://{RAW}/{key}" in message["Message"]


HOSTILE = {
    "dt=2026-11-16 --end-date 2030-01-01/20261116T060000Z.json": "2026-11-16 --end-date 2030-01-01",
    "dt=../../curated/20261116T060000Z.json": None,
    "dt=/20261116T060000Z.json": None,
    "dt=2026-11-16/.json": "2026-11-16",
    "dt=2026-11-16/a/b.json": "2026-11-16",
    "dt=2026-11-16/{}$(touch owned)'; DROP TABLE x; --.json": "2026-11-16",
    'dt=2026-11-16/","--end-date":"2030-01-01.json': "2026-11-16",
}
"""Name of a manifest -> the one day that is asked for, where a run is started at all.

AWS refuses the last three as names of executions; moto does not look at them.
"""


@pytest.mark.parametrize(("name", "day"), HOSTILE.items())
def test_a_hostile_manifest_name_covers_at_most_one_day(aws, name, day):
    good = json.dumps({"charts": [{"chart_id": "a", "status": "captured", "error": None}]})
    aws.client("s3").put_object(Bucket=RAW, Key=f"raw/manifests/{name}", Body=good.encode())
    [event] = let_through(aws, "manifest-arrived")
    ended = aws.ended(aws.start("manifest_arrived", event))
    if day is None:
        assert (ended["status"], aws.glue_runs()) == ("FAILED", [])
        return
    [run] = until(aws.glue_runs, len) and aws.glue_runs()
    assert (run.arguments["--start-date"], run.arguments["--end-date"]) == (day, day)
    end_all_runs(aws)


def test_an_invalid_day_in_a_name_is_rejected_by_the_job(capsys):
    [no_day] = {day for day in HOSTILE.values() if day} - {"2026-11-16"}
    roots = ["--raw-root", "s3://raw", "--curated-root", "s3://curated"]
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--start-date", no_day, "--end-date", no_day, *roots], NOW)
    assert ended.value.code == 2
    assert no_day in capsys.readouterr().err


def test_no_other_object_of_the_bucket_triggers_anything(aws):
    keys = [
        "raw/playlists/dt=2026-11-20/chart=a/20261120T060000000000Z.json",
        "raw/charts_csv/dt=2026-10-01/regional-us-daily-2026-10-01.csv",
        "raw/doctor/20261120T060000000000Z",
    ]
    for key in keys:
        aws.client("s3").put_object(Bucket=RAW, Key=key, Body=b"{}")
    assert let_through(aws, "manifest-arrived") == []
    assert let_through(aws, "inbox") == []
