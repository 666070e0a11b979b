"""The report after a run: the machine and the handler as deployed, on a lake of this day.

moto runs the machine, S3 and the topics. It calls no Lambda: the test puts the real handler in its
place, and the stand-in for Athena in the place of Athena, which moto does not run either.
"""

import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.awslambda_simple.models import LambdaSimpleBackend

from chartlake.report import handler
from chartlake.report.sources import SourceError, local_athena
from tests.support.aws_on_moto import CURATED, deployed_on_moto, until
from tests.support.digest_lakes import CURATED as CURATED_FOLDER
from tests.support.digest_lakes import edition, moved, write_day, write_two_days
from tests.support.infra_app import REGION, resources, said, with_report, without_hash

PAGE = f"s3://{CURATED}/report/index.html"
NOW = datetime.now(UTC).replace(microsecond=0)
LATER = NOW + timedelta(hours=1)
"""When the lake's runs are published: after the executions of these tests began."""
TODAY = NOW.date()
DAY = {"start_date": f"{TODAY}", "end_date": f"{TODAY}"}


@pytest.fixture(scope="module")
def deployment():
    with deployed_on_moto(with_report) as made:
        yield made


@pytest.fixture
def aws(deployment, monkeypatch):
    """The deployment, whose Lambda is the handler with the environment that is deployed."""
    deployment.glue_runs().clear()
    told = deployment.client("lambda").get_function(FunctionName="chartlake-test-report")
    for name, value in told["Configuration"]["Environment"]["Variables"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setattr(LambdaSimpleBackend, "invoke", invoke)
    CALLS.clear()
    for topic in ("AlertsTopic", "ReportTopic"):
        deployment.listen(topic).messages()
    deployment.client("s3").delete_object(Bucket=CURATED, Key="report/index.html")
    return deployment


CALLS: list[Any] = []


def invoke(self, function_name, qualifier, body, headers, response_headers):
    """Call the handler as Lambda does: its error goes back as JSON, with a header."""
    assert function_name == "chartlake-test-report"
    CALLS.append(json.loads(body))
    try:
        return json.dumps(handler.handler(CALLS[-1], None)).encode()
    except Exception as error:
        response_headers["x-amz-function-error"] = "Unhandled"
        told = {"errorMessage": str(error), "errorType": type(error).__name__}
        return json.dumps(told).encode()


@pytest.fixture
def lake(aws, tmp_path, monkeypatch):
    """A lake whose newest day is this one, asked by the handler in the place of Athena."""
    write_two_days(tmp_path, TODAY, LATER)

    def athena_account(environment):
        assert environment == "test"
        return local_athena(tmp_path)

    monkeypatch.setattr(handler, "athena_account", athena_account)
    return tmp_path


@pytest.fixture
def broken(aws, monkeypatch):
    def athena_account(environment):
        raise SourceError("Athena did not respond: the limit was exceeded.")

    monkeypatch.setattr(handler, "athena_account", athena_account)


def build(aws, event, state="SUCCEEDED", message=None):
    """Run the machine with a run of the job that ends so; the execution at its end."""
    execution = aws.start("build", event)
    [run] = until(aws.glue_runs, len) and aws.glue_runs()
    aws.end_run(run, state, message)
    return aws.ended(execution)


def page(aws):
    return aws.client("s3").get_object(Bucket=CURATED, Key="report/index.html")


def told(aws, topic="ReportTopic"):
    return [(m["Subject"], m["Message"]) for m in aws.listen(topic).messages()]


def test_a_run_publishes_the_page_and_reports_what_is_new(aws, lake):
    assert build(aws, DAY)["status"] == "SUCCEEDED"
    written = page(aws)
    assert written["ContentType"] == "text/html; charset=utf-8"
    assert written["CacheControl"] == "no-cache"
    assert written["Body"].read().startswith(b"<!doctype html>")
    assert told(aws) == [
        (
            f"chartlake-test: Charts of {TODAY}: 1 new number one",
            f"top, {TODAY}\n"
            "  New number one: Bagyo\n"
            "    after 1 day of Amihan\n"
            "  Biggest climb: Bagyo, up 1 to 1\n"
            "  Biggest fall: Amihan, down 1 to 2\n"
            "  0 debuts, 0 re-entries, 0 exits on a chart of 3\n"
            "\n"
            f"Data as of {TODAY} 06:00 UTC.\n"
            f"The report: {PAGE}\n",
        )
    ]
    assert told(aws, "AlertsTopic") == []
    [call] = CALLS
    assert call.keys() == {"start_date", "end_date", "started_at"}


def test_a_rebuilt_day_is_not_reported_again(aws, lake):
    again = edition("top", moved("bagyo", 2, 1), moved("amihan", 1, 2))
    write_day(lake, TODAY, [again], LATER + timedelta(minutes=1))
    assert build(aws, DAY)["status"] == "SUCCEEDED"
    assert page(aws)["ContentLength"] > 0
    assert told(aws) == []


def test_a_backfill_publishes_the_page_and_sends_no_digest(aws, lake):
    event = {"start_date": f"{TODAY - timedelta(days=400)}", "end_date": f"{TODAY}"}
    assert build(aws, event)["status"] == "SUCCEEDED"
    assert page(aws)["ContentLength"] > 0
    assert told(aws) == []


def test_a_failed_report_raises_an_alarm_and_the_run_succeeds(aws, broken):
    """A failed report is sent to the topic of the alarms, and the run ends well."""
    ended = build(aws, DAY)
    assert ended["status"] == "SUCCEEDED"
    assert len(CALLS) == 3, "Step Functions retries the Lambda twice"
    [(subject, message)] = told(aws, "AlertsTopic")
    assert subject == f"chartlake-test: the report of {TODAY} was not published"
    first, _, error, _, what, where = message.split("\n")
    assert first == (
        f"The report of the run over {TODAY} to {TODAY} could not be built, and its digest "
        "was not sent. The tables are not affected, and the previous page stays."
    )
    assert "Athena did not respond: the limit was exceeded." in error
    assert what == "What to do: docs/runbook.md, section report-failed."
    assert where == f"Execution: {ended['executionArn']}"
    assert told(aws) == []


def test_a_failed_run_also_has_a_report_and_stays_failed(aws, lake):
    """A chart was held back, and the others are published."""
    ended = build(aws, DAY, "FAILED", "SystemExit: 1 raw file could not be used.")
    assert (ended["status"], ended["error"]) == ("FAILED", "BuildFailed")
    assert ended["cause"] == "SystemExit: 1 raw file could not be used."
    assert [subject for subject, _ in told(aws)] == [
        f"chartlake-test: Charts of {TODAY}: 1 new number one"
    ]
    assert [subject for subject, _ in told(aws, "AlertsTopic")] == [
        f"chartlake-test: the tables of {TODAY} were not built"
    ]


def test_a_failed_run_that_published_nothing_reports_nothing_old(aws, lake):
    for published in (lake / CURATED_FOLDER).iterdir():
        shutil.rmtree(published)
    write_two_days(lake, TODAY, NOW - timedelta(hours=1))
    assert build(aws, DAY, "FAILED", "SystemExit: No raw captures.")["status"] == "FAILED"
    assert page(aws)["ContentLength"] > 0
    assert told(aws) == []


def test_if_both_fail_both_are_reported(aws, broken):
    ended = build(aws, DAY, "FAILED", "SystemExit: No raw captures.")
    assert (ended["status"], ended["cause"]) == ("FAILED", "SystemExit: No raw captures.")
    assert sorted(subject for subject, _ in told(aws, "AlertsTopic")) == [
        f"chartlake-test: the report of {TODAY} was not published",
        f"chartlake-test: the tables of {TODAY} were not built",
    ]


def test_an_event_without_days_publishes_only_the_page(aws, lake):
    assert handler.handler({}, None) == {"page": PAGE, "digest": None}
    assert page(aws)["ContentLength"] > 0
    assert told(aws) == []


def test_the_digest_has_its_own_topic_and_the_alarms_key():
    topics = {t["TopicName"]: t for t in resources(with_report(), "AWS::SNS::Topic").values()}
    assert topics.keys() == {"chartlake-test-alarms", "chartlake-test-digest"}
    for topic in topics.values():
        assert without_hash(said(topic["KmsMasterKeyId"])) == "<AlertsKey.Arn>"
    readers = resources(with_report(), "AWS::SNS::Subscription").values()
    assert {(without_hash(said(r["TopicArn"])), r["Endpoint"]) for r in readers} == {
        ("<AlertsTopic>", "ops@example.org"),
        ("<ReportTopic>", "analyst@example.org"),
        ("<ReportTopic>", "another@example.org"),
    }


def test_a_replaced_page_expires():
    buckets = resources(with_report(), "AWS::S3::Bucket").values()
    [curated] = [b for b in buckets if said(b["BucketName"]) == CURATED]
    rules = {rule.get("Prefix"): rule for rule in curated["LifecycleConfiguration"]["Rules"]}
    assert rules["report/"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert "ExpirationInDays" not in rules["report/"]
