"""Every alarm: what is measured, its threshold, and what to do.

An alarm's name is also the name of its section in docs/runbook.md. The file is long because it is
one list.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn

from chartlake.contract.counts import counted
from infra.alerts import Alerts
from infra.extract import TIMEOUT, Extract
from infra.freshness import Freshness
from infra.glue_events import GlueEvents
from infra.report import Report
from infra.runs import Runs
from infra.settings import MARGIN_HOURS, Settings

FIVE_MINUTES = Duration.minutes(5)
CLOSE_TO_TIMEOUT = Duration.seconds(5)
"""The handler stops itself ten seconds before its timeout: a run this close to it was killed."""


@dataclass(frozen=True)
class Alarm:
    """One alarm. `below`: it fires if the metric is below the threshold for all periods.

    `missing_is_bad`: a missing metric is as bad as a bad one.
    """

    name: str
    metric: cloudwatch.IMetric
    says: str
    threshold: float = 1
    periods: int = 1
    below: bool = False
    missing_is_bad: bool = False


@dataclass(frozen=True)
class Watched:
    """The parts that alarms watch."""

    settings: Settings
    alerts: Alerts
    extract: Extract
    runs: Runs
    glue_events: GlueEvents
    freshness: Freshness
    report: Report | None


def alarms(of: Watched) -> list[Alarm]:
    """Return every alarm of a deployment."""
    return [*_capture(of), *_build(of), *_report(of), *_queues(of), *_fresh(of)]


def _capture(of: Watched) -> Iterator[Alarm]:
    function = of.extract.captures
    yield Alarm(
        "extract-errors",
        function.metric_errors(period=FIVE_MINUTES, statistic="Sum"),
        "The capture of charts failed. Completed captures are kept. Read the function's last log: "
        "its error has one message per chart.",
    )
    yield Alarm(
        "extract-timeout",
        function.metric_duration(period=FIVE_MINUTES, statistic="Maximum"),
        "The capture of charts timed out and left no manifest, so nothing of it is built. Invoke "
        "it once more; if it happens again, watch fewer charts.",
        threshold=(TIMEOUT.to_seconds() - CLOSE_TO_TIMEOUT.to_seconds()) * 1000,
    )
    yield Alarm(
        "charts-failed",
        _counted("ChartsFailed", "charts not captured"),
        "Some charts were not captured; the others were captured and are built. The run's "
        "notification names each chart and says what to do.",
    )
    yield Alarm(
        "drift",
        _counted("Drift", "drifted fields"),
        "Spotify's response has new, missing or unreadable fields. Everything is captured and "
        "built; an unreadable field is null in the tables. The capture's log names the fields: "
        "check which of them the tables need.",
    )
    yield Alarm(
        "import-errors",
        of.extract.imports.metric_errors(period=FIVE_MINUTES, statistic="Sum"),
        "A chart file in the inbox was rejected. The import's last log names it and the reason: "
        "correct it and upload it again.",
    )


def _counted(metric: str, label: str) -> cloudwatch.Metric:
    """Return a metric that the Lambda itself counts."""
    return cloudwatch.Metric(
        namespace="Chartlake",
        metric_name=metric,
        dimensions_map={"service": "extract_lambda"},
        statistic="Sum",
        period=FIVE_MINUTES,
        label=label,
    )


def _build(of: Watched) -> Iterator[Alarm]:
    machines = {"build": of.runs.build, "arrived": of.runs.manifest_arrived}
    yield Alarm(
        "build-failed",
        cloudwatch.MathExpression(
            expression=" + ".join(f"{kind}_{name}" for name in machines for kind in KINDS),
            using_metrics={
                f"{kind}_{name}": _ended(machine, kind)
                for name, machine in machines.items()
                for kind in KINDS
            },
            period=FIVE_MINUTES,
            label="failed runs",
        ),
        "The tables of some days were not built, or only in part. The run's notification names its "
        "charts, days and error. Fix the error, then build them again with `chartlake aws run`.",
    )
    yield Alarm(
        "glue-failed",
        of.glue_events.failed,
        "A Glue job run failed, timed out or was stopped, whoever started it. The log group of "
        "Glue's events names the job and the run.",
    )
    yield Alarm(
        "glue-slow",
        of.glue_events.slow,
        slow(of.settings.glue.slow_after_minutes),
    )


def slow(minutes: int) -> str:
    """Return the message that a run of a Glue job is slow."""
    return (
        f"A Glue job run has taken longer than {counted(minutes, 'minute')} and is still running. "
        "That is normal for a backfill, but not for one day."
    )


KINDS = ("failed", "timed_out", "aborted")


def _ended(machine: sfn.StateMachine, how: str) -> cloudwatch.Metric:
    metric: cloudwatch.Metric = getattr(machine, f"metric_{how}")(
        period=FIVE_MINUTES, statistic="Sum"
    )
    return metric


def _report(of: Watched) -> Iterator[Alarm]:
    if not of.report:
        return
    yield Alarm(
        "report-failed",
        of.report.publish.metric_errors(period=FIVE_MINUTES, statistic="Sum"),
        "The report or the digest of a run could not be built. The tables are published anyway, "
        "and the previous page stays. The function's last log has the error.",
    )


def _queues(of: Watched) -> Iterator[Alarm]:
    yield Alarm(
        "undelivered",
        _waiting(of.alerts.undelivered),
        "An event of the schedule, or of a new file, was not delivered. The message in the queue "
        "has the event; do by hand what it asks for.",
    )
    yield Alarm(
        "failed",
        _waiting(of.alerts.failed),
        "A Lambda failed three times on an event and gave up. The message in the queue has the "
        "event and the error.",
    )


def _waiting(queue: sqs.Queue) -> cloudwatch.Metric:
    return queue.metric_approximate_number_of_messages_visible(
        period=FIVE_MINUTES, statistic="Maximum"
    )


def _fresh(of: Watched) -> Iterator[Alarm]:
    if not of.settings.cron:
        # Without a schedule, nothing is due.
        return
    hours = of.settings.cadence_hours + MARGIN_HOURS
    succeeded = of.runs.build.metric_succeeded(period=Duration.hours(1), statistic="Sum")
    yield Alarm(
        "no-run",
        cloudwatch.MathExpression(
            expression="FILL(succeeded, 0)",
            using_metrics={"succeeded": succeeded},
            period=Duration.hours(1),
            label="successful runs",
        ),
        nothing_built(hours),
        periods=hours,
        below=True,
        missing_is_bad=True,
    )
    limit = of.settings.newest_day_limit_hours
    yield Alarm(
        "newest-day",
        of.freshness.age,
        out_of_date(limit),
        threshold=limit,
        missing_is_bad=True,
    )


def nothing_built(hours: int) -> str:
    """Return the message that no run has succeeded for too long."""
    return (
        f"No run has built any tables for {counted(hours, 'hour')}. Find where it stopped: "
        "schedule, capture, manifest, build."
    )


def out_of_date(hours: int) -> str:
    """Return the message that the newest published day is too old."""
    return (
        f"The newest published day began more than {counted(hours, 'hour')} ago, whatever status "
        "the runs report. Readers see old charts."
    )
