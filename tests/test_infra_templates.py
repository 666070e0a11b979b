"""What the templates say where neither CDK nor a checker would find it wrong."""

import importlib
import json
import re
from datetime import UTC, datetime

import pytest

from chartlake.tables import TABLES
from glue_jobs import arguments, prune_arguments
from tests.infra_app import (
    ACCOUNT,
    REGION,
    SETTINGS,
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


def machines(out):
    return {
        machine["StateMachineName"].removeprefix("chartlake-test-"): machine
        for machine in resources(out, "AWS::StepFunctions::StateMachine").values()
    }


def test_glue_runs_the_version_that_the_jobs_are_tested_with():
    jobs = resources(usual(), "AWS::Glue::Job").values()
    assert {job["GlueVersion"] for job in jobs} == {"6.0"}
    older = SETTINGS.model_copy(
        update={"glue": SETTINGS.glue.model_copy(update={"version": "5.1"})}
    )
    jobs = resources(synthesize(older), "AWS::Glue::Job").values()
    assert {job["GlueVersion"] for job in jobs} == {"5.1"}


def test_one_run_at_a_time_of_the_size_in_the_settings_and_no_second_try_by_glue():
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


def test_the_job_understands_the_arguments_that_it_is_started_with():
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
def test_old_runs_are_deleted_every_week_where_the_settings_say_so(prune, deletes):
    out = synthesize(SETTINGS.model_copy(update={"prune": prune}))
    schedule = named(out, "AWS::Scheduler::Schedule", "prune")
    assert schedule["ScheduleExpression"] == "cron(30 3 ? * SUN *)"
    assert said(schedule["Target"]["Arn"]) == "arn:aws:scheduler:::aws-sdk:glue:startJobRun"
    call = json.loads(schedule["Target"]["Input"])
    job = named(out, "AWS::Glue::Job", "prune_runs")
    assert call["JobName"] == job["Name"]
    config = prune_arguments.parse_arguments(as_glue_starts_it(job, **call["Arguments"]), NOW)
    assert config.delete is deletes


def test_nothing_is_pruned_by_itself_otherwise():
    schedules = resources(usual(), "AWS::Scheduler::Schedule").values()
    assert [schedule["Name"] for schedule in schedules] == ["chartlake-test-capture"]


@BOTH
def test_every_schedule_is_one(out):
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


@BOTH
def test_every_state_of_a_machine_leads_to_one_and_can_be_reached(out):
    for machine in machines(out()).values():
        definition = json.loads(machine["DefinitionString"])
        # Without an end of its own an execution lasts a year.
        assert 0 < definition["TimeoutSeconds"] <= 2 * 86_400
        states = definition["States"]
        reached, waiting = set(), [definition["StartAt"]]
        while waiting:
            name = waiting.pop()
            assert name in states, name
            if name not in reached:
                reached.add(name)
                waiting += next_of(states[name])
        assert reached == states.keys()
        ends = {name for name, state in states.items() if state["Type"] in ("Succeed", "Fail")}
        assert {name for name, state in states.items() if not next_of(state)} == ends


def next_of(state):
    choices = [*state.get("Choices", []), *state.get("Catch", [])]
    own = [state[name] for name in ("Next", "Default") if name in state]
    return own + [choice["Next"] for choice in choices]


@BOTH
def test_a_machine_gets_every_value_that_its_definition_leaves_open_and_no_other(out):
    for machine in machines(out()).values():
        left_open = set(re.findall(r"\$\{(\w+)\}", machine["DefinitionString"]))
        given = machine["DefinitionSubstitutions"].keys()
        assert left_open <= given
        assert given - left_open <= {"Name", "Topic"}


def test_a_run_waits_for_another_and_for_glue_and_for_nothing_else():
    task = json.loads(machines(usual())["build"]["DefinitionString"])["States"]["BuildTables"]
    assert [retry["ErrorEquals"] for retry in task["Retry"]] == [
        ["Glue.ConcurrentRunsExceededException", "Glue.ResourceNumberLimitExceededException"],
        [
            "Glue.ThrottlingException",
            "Glue.AWSGlueException",
            "Glue.OperationTimeoutException",
            "Glue.InternalServiceException",
            "Glue.SdkClientException",
        ],
    ]
    waits = task["Retry"][0]
    total = delay = waits["IntervalSeconds"]
    for _ in range(waits["MaxAttempts"] - 1):
        delay = min(delay * waits["BackoffRate"], waits["MaxDelaySeconds"])
        total += delay
    assert 10 < total / 3600 < 12


@pytest.mark.parametrize(
    ("name", "handler"),
    [
        ("extract", "extract_lambda.handler.handler"),
        ("import", "extract_lambda.inbox.handler"),
        ("report", "report.handler.handler"),
    ],
)
def test_a_lambda_is_what_its_zip_was_made_for(name, handler):
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


def test_there_is_no_report_unless_the_settings_say_so():
    assert functions(usual()).keys() == {"extract", "import", "newest-day"}
    assert len(resources(usual(), "AWS::SNS::Topic")) == 1
    assert machines(usual())["build"]["DefinitionSubstitutions"]["Report"] == "false"
    assert machines(with_everything())["build"]["DefinitionSubstitutions"]["Report"] == "true"


def test_by_the_hour_a_digest_is_of_the_day_before():
    by_day = synthesize(SETTINGS.model_copy(update={"report": True}))
    for out, days in ((by_day, "0"), (with_everything(), "1")):
        report = functions(out)["report"]["Environment"]["Variables"]
        assert report["CHARTLAKE_DAYS_BACK"] == days


def test_athena_has_the_tables_of_the_contract():
    tables = {t["TableInput"]["Name"]: t for t in resources(usual(), "AWS::Glue::Table").values()}
    assert tables.keys() == {table.name for table in TABLES}
    for table in TABLES:
        of = tables[table.name]["TableInput"]
        columns = [(c["Name"], c["Type"]) for c in of["StorageDescriptor"]["Columns"]]
        assert columns == [(column.name, column.type) for column in table.columns]
        assert of["PartitionKeys"] == [{"Name": "dt", "Type": "string"}]
        assert tables[table.name]["DatabaseName"] == "chartlake_landing"


def test_days_are_projected_in_the_form_of_their_folders():
    for table in resources(usual(), "AWS::Glue::Table").values():
        assert table["TableInput"]["Parameters"] == {
            "classification": "parquet",
            "projection.enabled": "true",
            "projection.dt.type": "date",
            "projection.dt.format": "yyyy-MM-dd",
            "projection.dt.range": "2016-12-01,NOW+1DAYS",
        }
        # Client-side encryption and a bucket's own are not the same: nothing may claim the former.
        assert "has_encrypted_data" not in json.dumps(table)


def test_a_query_cannot_read_more_than_the_limit_nor_leave_its_result_lying_about():
    [group] = resources(usual(), "AWS::Athena::WorkGroup").values()
    configuration = group["WorkGroupConfiguration"]
    assert configuration["EnforceWorkGroupConfiguration"]
    assert configuration["BytesScannedCutoffPerQuery"] == 10_000_000_000
    result = configuration["ResultConfiguration"]
    assert result["EncryptionConfiguration"] == {"EncryptionOption": "SSE_S3"}
    bucket = f"chartlake-test-athena-results-{ACCOUNT}-{REGION}"
    assert said(result["OutputLocation"]) == f"s3://{bucket}/results/"
    assert lifecycle("athena-results")["expire-everything"]["ExpirationInDays"] == 7


def test_statements_of_athena_become_named_queries(tmp_path):
    for name, text in {
        "views/song_trends.sql": "-- The newest run of each day\nSELECT 1\n",
        "queries/01_climbers.sql": "SELECT 2\n",
        "readme.md": "no statement",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = resources(synthesize(SETTINGS, tmp_path), "AWS::Athena::NamedQuery").values()
    told = {(q["Name"], q["QueryString"], q.get("Description"), q["WorkGroup"]) for q in found}
    assert told == {
        (
            "views/song_trends",
            "-- The newest run of each day\nSELECT 1\n",
            "The newest run of each day",
            "chartlake-test",
        ),
        ("queries/01_climbers", "SELECT 2\n", None, "chartlake-test"),
    }


def lifecycle(what):
    for bucket in resources(usual(), "AWS::S3::Bucket").values():
        if said(bucket["BucketName"]).startswith(f"chartlake-test-{what}-"):
            return {rule["Id"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    raise KeyError(what)


def test_nothing_ever_expires_that_is_a_chart():
    for what, prefixes in {"raw": {"inbox/", "raw/doctor/"}, "curated": set()}.items():
        expiring = {
            rule.get("Prefix", "")
            for rule in lifecycle(what).values()
            if "ExpirationInDays" in rule
        }
        assert expiring == prefixes
    forgotten = {
        rule["Prefix"]
        for rule in lifecycle("raw").values()
        if "NoncurrentVersionExpiration" in rule
    }
    assert forgotten == {"inbox/"}


def test_raw_and_curated_keep_versions():
    versioned = {
        said(bucket["BucketName"]).removesuffix(f"-{ACCOUNT}-{REGION}")
        for bucket in resources(usual(), "AWS::S3::Bucket").values()
        if bucket.get("VersioningConfiguration") == {"Status": "Enabled"}
    }
    assert versioned == {"chartlake-test-raw", "chartlake-test-curated"}


def told(out):
    """What each bucket tells others of."""
    return {
        said(bucket["BucketName"]).removesuffix(f"-{ACCOUNT}-{REGION}"): bucket[
            "NotificationConfiguration"
        ]
        for bucket in resources(out, "AWS::S3::Bucket").values()
        if "NotificationConfiguration" in bucket
    }


def test_snowpipe_is_told_of_parquet_files_once_its_queue_is_known():
    events = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert told(usual()) == {"chartlake-test-raw": events}
    rules = [{"Name": "prefix", "Value": "curated/"}, {"Name": "suffix", "Value": ".parquet"}]
    assert told(with_everything()) == {
        "chartlake-test-raw": events,
        "chartlake-test-curated": {
            "QueueConfigurations": [
                {
                    "Event": "s3:ObjectCreated:*",
                    "Queue": "arn:aws:sqs:eu-west-1:999988887777:sf-snowpipe",
                    "Filter": {"S3Key": {"Rules": rules}},
                }
            ]
        },
    }


def test_everything_of_ours_can_be_found_by_its_tags():
    tags = [{"Key": "environment", "Value": "test"}, {"Key": "project", "Value": "chartlake"}]
    for kind in ("AWS::S3::Bucket", "AWS::IAM::Role", "AWS::SNS::Topic"):
        for resource in resources(usual(), kind).values():
            assert resource["Tags"] == tags
