"""Alarms: each can be evaluated, says what to do, and has its section in the runbook."""

import json
import re
from pathlib import Path

import pytest

from infra.alarms import nothing_built, out_of_date, slow
from tests.support.infra_app import resources, said, usual, with_everything, without_hash

RUNBOOK = Path("docs/runbook.md").read_text(encoding="utf-8")
DAY, WEEK = 86_400, 7 * 86_400
BOTH = pytest.mark.parametrize("out", [usual, with_everything], ids=["daily", "hourly"])
WATCHED = {
    # name: threshold, periods, comparison, missing data
    "build-failed": (1, 1, "GreaterThanOrEqualToThreshold", "notBreaching"),
    "charts-failed": (1, 1, "GreaterThanOrEqualToThreshold", "notBreaching"),
    "drift": (1, 1, "GreaterThanOrEqualToThreshold", "notBreaching"),
    "extract-errors": (1, 1, "GreaterThanOrEqualToThreshold", "notBreaching"),
    "extract-timeout": (295_000, 1, "GreaterThanOrEqualToThreshold", "notBreaching"),
    "failed": (1, 1, "GreaterThanOrEqualToThreshold", "notBreaching"),
    "glue-failed": (1, 1, "GreaterThanOrEqualToThreshold", "notBreaching"),
    "glue-slow": (1, 1, "GreaterThanOrEqualToThreshold", "notBreaching"),
    "import-errors": (1, 1, "GreaterThanOrEqualToThreshold", "notBreaching"),
    "newest-day": (33, 1, "GreaterThanOrEqualToThreshold", "breaching"),
    "no-run": (1, 27, "LessThanThreshold", "breaching"),
    "undelivered": (1, 1, "GreaterThanOrEqualToThreshold", "notBreaching"),
}


def alarms(out):
    found = resources(out, "AWS::CloudWatch::Alarm").values()
    return {alarm["AlarmName"].removeprefix("chartlake-test-"): alarm for alarm in found}


def watched(alarm):
    names = ("Threshold", "EvaluationPeriods", "ComparisonOperator", "TreatMissingData")
    return tuple(alarm[name] for name in names)


def test_a_daily_schedule_has_these_alarms():
    assert {name: watched(alarm) for name, alarm in alarms(usual()).items()} == WATCHED


def test_an_hourly_schedule_is_late_within_hours():
    late = {
        "newest-day": (27, 1, "GreaterThanOrEqualToThreshold", "breaching"),
        "no-run": (1, 4, "LessThanThreshold", "breaching"),
    }
    report = {"report-failed": (1, 1, "GreaterThanOrEqualToThreshold", "notBreaching")}
    assert {name: watched(alarm) for name, alarm in alarms(with_everything()).items()} == (
        WATCHED | late | report
    )


def metrics(alarm):
    """The metrics of an alarm as (namespace, name, dimensions, statistic)."""
    told = [m["MetricStat"] for m in alarm.get("Metrics", []) if "MetricStat" in m]
    plain = [{"Metric": alarm, "Stat": alarm.get("Statistic")}] if "MetricName" in alarm else []
    return {
        (
            stat["Metric"]["Namespace"],
            stat["Metric"]["MetricName"],
            *(
                without_hash(said(d["Value"])).removeprefix("chartlake-test-")
                for d in stat["Metric"].get("Dimensions", [])
            ),
            stat["Stat"],
        )
        for stat in told + plain
    }


def test_each_alarm_watches_what_its_name_says():
    assert {name: metrics(alarm) for name, alarm in alarms(usual()).items()} == {
        "extract-errors": {("AWS/Lambda", "Errors", "<Extract>", "Sum")},
        "extract-timeout": {("AWS/Lambda", "Duration", "<Extract>", "Maximum")},
        "import-errors": {("AWS/Lambda", "Errors", "<ExtractImport>", "Sum")},
        "charts-failed": {("Chartlake", "ChartsFailed", "extract_lambda", "Sum")},
        "drift": {("Chartlake", "Drift", "extract_lambda", "Sum")},
        "build-failed": {
            ("AWS/States", f"Executions{how}", machine, "Sum")
            for how in ("Failed", "TimedOut", "Aborted")
            for machine in ("<RunsBuild>", "<RunsManifestArrived>")
        },
        "glue-failed": {("AWS/Events", "TriggeredRules", "glue-failed", "Sum")},
        "glue-slow": {("AWS/Events", "TriggeredRules", "glue-slow", "Sum")},
        "undelivered": {
            (
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                "<AlertsUndelivered.QueueName>",
                "Maximum",
            )
        },
        "failed": {
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "<AlertsFailed.QueueName>", "Maximum")
        },
        "no-run": {("AWS/States", "ExecutionsSucceeded", "<RunsBuild>", "Sum")},
        "newest-day": {("Chartlake", "NewestDayAgeHours", "newest_day", "Maximum")},
    }
    report = alarms(with_everything())["report-failed"]
    assert metrics(report) == {("AWS/Lambda", "Errors", "<Report>", "Sum")}


def test_the_deploy_guide_prices_every_metric_that_an_alarm_reads():
    looked_at = sum(len(metrics(alarm)) for alarm in alarms(usual()).values())
    told = f"{looked_at} metrics in {len(alarms(usual()))} alarms"
    assert told in Path("docs/deploy.md").read_text(encoding="utf-8")


def test_failed_runs_are_summed_and_days_without_one_count_as_zero():
    expressions = {
        name: metric["Expression"]
        for name, alarm in alarms(usual()).items()
        for metric in alarm.get("Metrics", [])
        if "Expression" in metric
    }
    assert expressions == {
        "build-failed": (
            "failed_build + timed_out_build + aborted_build + failed_arrived + timed_out_arrived "
            "+ aborted_arrived"
        ),
        "no-run": "FILL(succeeded, 0)",
    }


def periods(alarm):
    found = [m["MetricStat"] for m in alarm.get("Metrics", []) if "MetricStat" in m] or [alarm]
    return {metric["Period"] for metric in found}


def test_each_alarm_has_a_period_of_five_minutes_or_an_hour():
    hourly = {"no-run": {3600}, "newest-day": {3600}}
    expected = {name: {300} for name in WATCHED} | hourly
    assert {name: periods(alarm) for name, alarm in alarms(usual()).items()} == expected
    assert periods(alarms(with_everything())["report-failed"]) == {300}


@BOTH
def test_no_alarm_looks_back_further_than_cloudwatch_allows(out):
    """A week where periods are an hour or longer, and a day where they are shorter."""
    for name, alarm in alarms(out()).items():
        periods = [m["MetricStat"]["Period"] for m in alarm.get("Metrics", []) if "MetricStat" in m]
        period = max(periods, default=alarm.get("Period"))
        assert period * alarm["EvaluationPeriods"] <= (WEEK if period >= 3600 else DAY), name


@BOTH
def test_every_alarm_says_what_to_do_and_links_the_runbook(out):
    for name, alarm in alarms(out()).items():
        says = alarm["AlarmDescription"]
        assert says.endswith(f" Runbook: docs/runbook.md, section {name}."), says
        assert 60 < len(says) < 1024
        assert len(alarm["AlarmActions"]) == 1
        assert without_hash(said(alarm["AlarmActions"][0])) == "<AlertsTopic>"


def test_the_runbook_has_exactly_the_sections_that_are_linked():
    """The runbook has a section for everything that names one, and no other."""
    named = set(alarms(with_everything()))
    [budget] = resources(usual(), "AWS::Budgets::Budget").values()
    named.add(budget["Budget"]["BudgetName"].removeprefix("chartlake-test-"))
    for machine in resources(usual(), "AWS::StepFunctions::StateMachine").values():
        named |= set(re.findall(r"section ([a-z-]+)", said_definition(machine)))
    assert set(re.findall(r"^## ([a-z-]+)$", RUNBOOK, re.MULTILINE)) == named


def said_definition(machine):
    return json.dumps(json.loads(machine["DefinitionString"]))


def test_without_a_schedule_nothing_is_late():
    from tests.support.infra_app import SETTINGS, synthesize

    unscheduled = synthesize(SETTINGS.model_copy(update={"schedule": "none"}))
    assert WATCHED.keys() - alarms(unscheduled).keys() == {"no-run", "newest-day"}
    assert resources(unscheduled, "AWS::Scheduler::Schedule") == {}


def test_the_budget_reports_actual_and_forecast_spending():
    [budget] = resources(usual(), "AWS::Budgets::Budget").values()
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 20, "Unit": "USD"}
    told = [
        (n["Notification"]["NotificationType"], n["Notification"]["Threshold"])
        for n in budget["NotificationsWithSubscribers"]
    ]
    assert told == [("ACTUAL", 80), ("FORECASTED", 100)]
    for notification in budget["NotificationsWithSubscribers"]:
        [subscriber] = notification["Subscribers"]
        assert subscriber["SubscriptionType"] == "SNS"
        assert without_hash(said(subscriber["Address"])) == "<AlertsTopic>"


def test_the_owner_is_notified_by_mail():
    [subscription] = resources(usual(), "AWS::SNS::Subscription").values()
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@example.org")


@BOTH
def test_every_log_group_has_a_retention(out):
    groups = resources(out(), "AWS::Logs::LogGroup")
    assert {group["RetentionInDays"] for group in groups.values()} == {90}
    names = {group["LogGroupName"] for group in groups.values()}
    assert names - {"/aws/lambda/chartlake-test-report"} == {
        "/aws/lambda/chartlake-test-extract",
        "/aws/lambda/chartlake-test-import",
        "/aws/lambda/chartlake-test-newest-day",
        "/aws-glue/chartlake-test/output",
        "/aws-glue/chartlake-test/error",
        "/aws/vendedlogs/states/chartlake-test-build",
        "/aws/vendedlogs/states/chartlake-test-manifest_arrived",
        "/aws/events/chartlake-test-glue",
    }


def test_the_dashboard_shows_every_alarm():
    [dashboard] = resources(usual(), "AWS::CloudWatch::Dashboard").values()
    text = json.dumps(dashboard)
    for name in resources(usual(), "AWS::CloudWatch::Alarm"):
        assert json.dumps({"Fn::GetAtt": [name, "Arn"]}) in text


def test_glue_reports_failed_and_slow_runs():
    rules = {
        rule["Name"].removeprefix("chartlake-test-"): rule
        for rule in resources(usual(), "AWS::Events::Rule").values()
    }
    jobs = [f"chartlake-test-{job}" for job in ("build_tables", "prune_runs")]
    assert rules["glue-failed"]["EventPattern"] == {
        "source": ["aws.glue"],
        "detail-type": ["Glue Job State Change"],
        "detail": {"jobName": jobs, "state": ["FAILED", "TIMEOUT", "ERROR", "STOPPED"]},
    }
    assert rules["glue-slow"]["EventPattern"] == {
        "source": ["aws.glue"],
        "detail-type": ["Glue Job Run Status"],
        "detail": {"jobName": jobs},
    }
    for job in resources(usual(), "AWS::Glue::Job").values():
        assert job["NotificationProperty"] == {"NotifyDelayAfter": 20}
    made = {job["Name"] for job in resources(usual(), "AWS::Glue::Job").values()}
    assert made == set(jobs)


def test_unhandled_events_are_kept_for_two_weeks():
    days = {
        queue["QueueName"]: queue["MessageRetentionPeriod"]
        for queue in resources(usual(), "AWS::SQS::Queue").values()
    }
    assert days == dict.fromkeys(("chartlake-test-failed", "chartlake-test-undelivered"), 14 * DAY)
    failing = {
        without_hash(said(config["FunctionName"])): without_hash(
            said(config["DestinationConfig"]["OnFailure"]["Destination"])
        )
        for config in resources(usual(), "AWS::Lambda::EventInvokeConfig").values()
    }
    functions = resources(usual(), "AWS::Lambda::Function")
    assert failing == {f"<{without_hash(name)}>": "<AlertsFailed.Arn>" for name in functions}
    undelivered = {
        without_hash(name): without_hash(said(target["DeadLetterConfig"]["Arn"]))
        for name, rule in resources(usual(), "AWS::Events::Rule").items()
        for target in rule["Targets"]
        if target["Id"] != "log"
    }
    rules = ("ExtractFileInInbox", "FreshnessEveryHour", "RunsWhenAManifestArrives")
    assert undelivered == dict.fromkeys(rules, "<AlertsUndelivered.Arn>")
    [schedule] = resources(usual(), "AWS::Scheduler::Schedule").values()
    kept = without_hash(said(schedule["Target"]["DeadLetterConfig"]["Arn"]))
    assert kept == "<AlertsUndelivered.Arn>"


@pytest.mark.parametrize(("minutes", "told"), [(1, "1 minute"), (2, "2 minutes")])
def test_a_slow_run_is_reported_with_its_limit_in_minutes(minutes, told):
    assert slow(minutes) == (
        f"A Glue job run has taken longer than {told} and is still running. That "
        "is normal for a backfill, but not for one day."
    )


@pytest.mark.parametrize(("hours", "told"), [(1, "1 hour"), (2, "2 hours")])
def test_a_late_day_is_reported_with_its_limit_in_hours(hours, told):
    assert nothing_built(hours) == (
        f"No run has built any tables for {told}. Find where it stopped: schedule, capture, "
        "manifest, build."
    )
    assert out_of_date(hours) == (
        f"The newest published day began more than {told} ago, whatever status the runs "
        "report. Readers see old charts."
    )
