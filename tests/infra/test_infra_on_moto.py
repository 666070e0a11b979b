"""Every resource of both stacks is accepted and made, and what must fit together does."""

import json

import pytest

from tests.support.aws_on_moto import CURATED, RAW, deployed_on_moto
from tests.support.infra_app import template, usual


@pytest.fixture(scope="module")
def aws():
    with deployed_on_moto() as deployment:
        yield deployment


def test_every_resource_is_made(aws):
    declared = {
        name for stack in ("data", "pipeline") for name in template(usual(), stack)["Resources"]
    }
    assert aws.made.keys() == declared
    nameless = {name for name, physical in aws.made.items() if not physical}
    assert all("AllowEventRule" in name for name in nameless), nameless


def test_glue_finds_its_script_its_libraries_and_the_charts_file_where_they_are_put(aws):
    for job in ("build_tables", "prune_runs"):
        made = aws.client("glue").get_job(JobName=f"chartlake-test-{job}")["Job"]
        places = [made["Command"]["ScriptLocation"], made["DefaultArguments"]["--extra-py-files"]]
        if job == "build_tables":
            places.append(made["DefaultArguments"]["--charts-file"])
        for place in places:
            bucket, _, key = place.removeprefix("s3://").partition("/")
            assert aws.client("s3").head_object(Bucket=bucket, Key=key)["ContentLength"] > 0


def test_the_schedule_calls_the_lambda_that_captures(aws):
    schedule = aws.client("scheduler").get_schedule(Name="chartlake-test-capture")
    function = aws.client("lambda").get_function(FunctionName="chartlake-test-extract")
    assert schedule["Target"]["Arn"] == function["Configuration"]["FunctionArn"]
    assert schedule["ScheduleExpression"] == "cron(0 6 * * ? *)"
    assert json.loads(schedule["Target"]["Input"]) == {
        "scheduled_at": "<aws.scheduler.scheduled-time>"
    }


def test_athena_reads_the_tables_where_the_job_writes_them(aws):
    tables = aws.client("glue").get_tables(DatabaseName="chartlake_landing")["TableList"]
    places = {table["Name"]: table["StorageDescriptor"]["Location"] for table in tables}
    assert len(places) == 13
    assert places["song_trends"] == f"s3://{CURATED}/curated/song_trends/"


def test_the_lambdas_write_into_the_bucket_whose_events_are_heard(aws):
    for function in ("extract", "import"):
        told = aws.client("lambda").get_function(FunctionName=f"chartlake-test-{function}")
        environment = told["Configuration"]["Environment"]["Variables"]
        assert environment["CHARTLAKE_RAW_ROOT"] == f"s3://{RAW}"
    for rule in ("manifest-arrived", "inbox"):
        pattern = aws.client("events").describe_rule(Name=f"chartlake-test-{rule}")["EventPattern"]
        assert json.loads(pattern)["detail"]["bucket"] == {"name": [RAW]}


def test_every_alarm_tells_the_topic(aws):
    alarms = aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
    [topic] = aws.client("sns").list_topics()["Topics"]
    assert {"chartlake-test-drift", "chartlake-test-extract-errors"} <= {
        alarm["AlarmName"] for alarm in alarms
    }
    assert all(alarm["AlarmActions"] == [topic["TopicArn"]] for alarm in alarms)
