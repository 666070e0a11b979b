"""Every resource of both stacks is accepted and created, and the parts fit together."""

import json

import pytest

from chartlake.contract.tables import TABLES
from tests.support.aws_on_moto import CURATED, RAW, deployed_on_moto
from tests.support.infra_app import resources, template, usual


@pytest.fixture(scope="module")
def aws():
    with deployed_on_moto() as deployment:
        yield deployment


def test_every_resource_is_created(aws):
    declared = {
        name for stack in ("data", "pipeline") for name in template(usual(), stack)["Resources"]
    }
    assert aws.made.keys() == declared
    assert declared
    # moto names no permission of a rule to call a Lambda.
    nameless = {name for name, physical in aws.made.items() if not physical}
    assert {name for name in nameless if "AllowEventRule" not in name} == set()


def test_glue_finds_its_script_libraries_and_charts_file(aws):
    """Glue finds its script, its libraries and the charts file where they are uploaded."""
    for job in ("build_tables", "prune_runs"):
        made = aws.client("glue").get_job(JobName=f"chartlake-test-{job}")["Job"]
        places = [made["Command"]["ScriptLocation"], made["DefaultArguments"]["--extra-py-files"]]
        if job == "build_tables":
            places.append(made["DefaultArguments"]["--charts-file"])
        for place in places:
            bucket, _, key = place.removeprefix("s3://").partition("/")
            assert aws.client("s3").head_object(Bucket=bucket, Key=key)["ContentLength"] > 0


def test_the_schedule_invokes_the_capture_lambda(aws):
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
    assert places == {table.name: f"s3://{CURATED}/curated/{table.name}/" for table in TABLES}


def test_the_lambdas_write_to_the_bucket_that_emits_events(aws):
    for function in ("extract", "import"):
        told = aws.client("lambda").get_function(FunctionName=f"chartlake-test-{function}")
        environment = told["Configuration"]["Environment"]["Variables"]
        assert environment["CHARTLAKE_RAW_ROOT"] == f"s3://{RAW}"
    for rule in ("manifest-arrived", "inbox"):
        pattern = aws.client("events").describe_rule(Name=f"chartlake-test-{rule}")["EventPattern"]
        assert json.loads(pattern)["detail"]["bucket"] == {"name": [RAW]}


def test_every_alarm_notifies_the_topic(aws):
    alarms = aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
    [topic] = aws.client("sns").list_topics()["Topics"]
    declared = resources(usual(), "AWS::CloudWatch::Alarm").values()
    assert declared
    assert {alarm["AlarmName"]: alarm["AlarmActions"] for alarm in alarms} == {
        alarm["AlarmName"]: [topic["TopicArn"]] for alarm in declared
    }
