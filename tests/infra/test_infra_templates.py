"""Properties of the templates that neither CDK nor a checker would report."""

import importlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from glue_jobs.build import arguments
from glue_jobs.prune import arguments as prune_arguments
from infra.stacks import described
from tests.support.infra_app import (
    ACCOUNT,
    REGION,
    SETTINGS,
    machines,
    resources,
    said,
    synthesize,
    usual,
    with_everything,
)
from tools.wheels import PLATFORM, PYTHON

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BOTH = pytest.mark.parametrize("out", [usual, with_everything], ids=["usual", "with everything"])
CRON = re.compile(
    r"cron\((?:[0-5]?\d) (?:\*|1?\d|2[0-3]) (?:(?:\*|[1-9]|[12]\d|3[01]) \* \?"
    r"|\? \* (?:SUN|MON|TUE|WED|THU|FRI|SAT)) \*\)"
)


def named(out, kind, name):
    found = {said(p.get("Name", "")): p for p in resources(out, kind).values()}
    return found[f"chartlake-test-{name}"]


def test_glue_uses_the_version_that_the_jobs_are_tested_with():
    jobs = resources(usual(), "AWS::Glue::Job").values()
    assert {job["GlueVersion"] for job in jobs} == {"6.0"}
    older = SETTINGS.model_copy(
        update={"glue": SETTINGS.glue.model_copy(update={"version": "5.1"})}
    )
    jobs = resources(synthesize(older), "AWS::Glue::Job").values()
    assert {job["GlueVersion"] for job in jobs} == {"5.1"}


def test_one_run_at_a_time_in_the_set_size_without_glue_retries():
    """One run at a time, of the size in the settings, and no retry by Glue."""
    job = named(usual(), "AWS::Glue::Job", "build_tables")
    assert (job["WorkerType"], job["NumberOfWorkers"], job["Timeout"]) == ("G.1X", 2, 60)
    for job in resources(usual(), "AWS::Glue::Job").values():
        assert job["ExecutionProperty"] == {"MaxConcurrentRuns": 1}
        assert job["MaxRetries"] == 0
        assert job["DefaultArguments"]["--job-bookmark-option"] == "job-bookmark-disable"
        assert job["DefaultArguments"]["--custom-logGroup-prefix"] == "/aws-glue/chartlake-test"


def as_glue_starts_it(job, **more):
    """The command line of a run: the job's own arguments, the run's, and what Glue adds."""
    given = {name: said(value) for name, value in job["DefaultArguments"].items()} | more
    words = [word for pair in given.items() for word in pair]
    return [*words, "--JOB_NAME", job["Name"], "--JOB_ID", "j_1", "--JOB_RUN_ID", "jr_1"]


def test_the_job_accepts_the_arguments_it_is_started_with():
    state = json.loads(machines(usual())["build"]["DefinitionString"])["States"]["BuildTables"]
    names = [name.removesuffix(".$") for name in state["Parameters"]["Arguments"]]
    days = dict(zip(names, ("2026-11-19", "2026-11-20"), strict=True))
    job = named(usual(), "AWS::Glue::Job", "build_tables")
    config = arguments.parse_arguments(as_glue_starts_it(job, **days), NOW)
    assert config.raw_root == f"s3://chartlake-test-raw-{ACCOUNT}-{REGION}"
    assert config.curated_root == f"s3://chartlake-test-curated-{ACCOUNT}-{REGION}"
    assert re.fullmatch(
        r"s3://cdk-hnb659fds-assets-[0-9a-z-]+/[0-9a-f]{64}\.toml", config.charts_file
    )
    assert (str(config.start_date), str(config.end_date)) == ("2026-11-19", "2026-11-20")


@pytest.mark.parametrize(("prune", "deletes"), [("report", False), ("delete", True)])
def test_old_runs_are_pruned_weekly_if_the_settings_say_so(prune, deletes):
    out = synthesize(SETTINGS.model_copy(update={"prune": prune}))
    schedule = named(out, "AWS::Scheduler::Schedule", "prune")
    assert schedule["ScheduleExpression"] == "cron(30 3 ? * SUN *)"
    assert said(schedule["Target"]["Arn"]) == "arn:aws:scheduler:::aws-sdk:glue:startJobRun"
    call = json.loads(schedule["Target"]["Input"])
    job = named(out, "AWS::Glue::Job", "prune_runs")
    assert call["JobName"] == job["Name"]
    config = prune_arguments.parse_arguments(as_glue_starts_it(job, **call["Arguments"]), NOW)
    assert config.delete is deletes


def test_nothing_is_pruned_automatically_by_default():
    schedules = resources(usual(), "AWS::Scheduler::Schedule").values()
    assert [schedule["Name"] for schedule in schedules] == ["chartlake-test-capture"]


@BOTH
def test_every_schedule_is_a_valid_cron_expression(out):
    schedules = list(resources(out(), "AWS::Scheduler::Schedule").values())
    assert {schedule["ScheduleExpressionTimezone"] for schedule in schedules} == {"UTC"}
    rules = [r for r in resources(out(), "AWS::Events::Rule").values() if "ScheduleExpression" in r]
    assert [rule["ScheduleExpression"] for rule in rules] == ["cron(20 * * * ? *)"]
    for schedule in schedules + rules:
        assert CRON.fullmatch(schedule["ScheduleExpression"]), schedule["ScheduleExpression"]


def test_the_schedule_names_the_charts_that_the_settings_choose():
    schedule = named(with_everything(), "AWS::Scheduler::Schedule", "capture")
    assert json.loads(schedule["Target"]["Input"]) == {
        "scheduled_at": "<aws.scheduler.scheduled-time>",
        "charts": ["top50_global"],
    }


@pytest.mark.parametrize(
    ("name", "handler"),
    [
        ("extract", "extract_lambda.handler.handler"),
        ("import", "extract_lambda.inbox.handler"),
        ("report", "chartlake.report.handler.handler"),
    ],
)
def test_a_lambda_matches_the_platform_of_its_zip(name, handler):
    functions = resources(with_everything(), "AWS::Lambda::Function").values()
    [function] = [f for f in functions if f["FunctionName"] == f"chartlake-test-{name}"]
    assert function["Handler"] == handler
    module, _, attribute = handler.rpartition(".")
    assert callable(getattr(importlib.import_module(module), attribute))
    assert function["Runtime"] == f"python{PYTHON}"
    assert function["Architectures"] == ["arm64"]
    assert PLATFORM.startswith("aarch64")
    # A new account has too little concurrency to reserve any of it.
    assert "ReservedConcurrentExecutions" not in function


def functions(out):
    found = resources(out, "AWS::Lambda::Function").values()
    return {f["FunctionName"].removeprefix("chartlake-test-"): f for f in found}


def test_there_is_no_report_by_default():
    assert functions(usual()).keys() == {"extract", "import", "newest-day"}
    topics = resources(usual(), "AWS::SNS::Topic").values()
    assert {topic["TopicName"] for topic in topics} == {"chartlake-test-alarms"}
    assert machines(usual())["build"]["DefinitionSubstitutions"]["Report"] == "false"
    assert machines(with_everything())["build"]["DefinitionSubstitutions"]["Report"] == "true"


def test_an_hourly_schedule_has_a_digest_of_the_day_before():
    by_day = synthesize(SETTINGS.model_copy(update={"report": True}))
    for out, days in ((by_day, "0"), (with_everything(), "1")):
        report = functions(out)["report"]["Environment"]["Variables"]
        assert report["CHARTLAKE_DAYS_BACK"] == days


def test_every_resource_has_our_tags():
    tags = [{"Key": "environment", "Value": "test"}, {"Key": "project", "Value": "chartlake"}]
    for kind in ("AWS::S3::Bucket", "AWS::IAM::Role", "AWS::SNS::Topic"):
        found = resources(usual(), kind)
        assert found, kind
        assert {name: resource["Tags"] for name, resource in found.items()} == dict.fromkeys(
            found, tags
        )


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "a.template.json  0 resources"),
        (1, "a.template.json  1 resource"),
        (2, "a.template.json  2 resources"),
    ],
)
def test_the_resources_of_a_template_are_counted(number, told):
    assert described(Path("a.template.json"), number) == told
