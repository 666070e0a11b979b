"""Glue's events about job runs, kept in a log group; their count is the alarms' metric.

Glue has no metric for failed runs. It sends an event for every run that ends, and one for a run
that exceeds its job's notification threshold, while it is still running.
"""

import json

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.functions import log_group
from infra.names import arn
from infra.settings import Settings
from infra.transform import Transform


class GlueEvents(Construct):
    """`failed` and `slow` count runs."""

    def __init__(self, scope: Construct, settings: Settings, transform: Transform) -> None:
        super().__init__(scope, "GlueEvents")
        self.settings, self.jobs = settings, transform.names
        self.group = f"/aws/events/{settings.name}-glue"
        log_group(self, settings, "Logs", self.group)
        self._let_events_write()
        ends = ["FAILED", "TIMEOUT", "ERROR", "STOPPED"]
        self.failed = self._count("glue-failed", "Glue Job State Change", {"state": ends})
        self.slow = self._count("glue-slow", "Glue Job Run Status", {})

    def _count(
        self, what: str, detail_type: str, detail: dict[str, list[str]]
    ) -> cloudwatch.Metric:
        name = f"{self.settings.name}-{what}"
        events.CfnRule(
            self,
            what.title().replace("-", ""),
            name=name,
            event_pattern={
                "source": ["aws.glue"],
                "detail-type": [detail_type],
                "detail": {"jobName": self.jobs, **detail},
            },
            targets=[
                events.CfnRule.TargetProperty(id="log", arn=arn("logs", f"log-group:{self.group}"))
            ],
        )
        return cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name="TriggeredRules",
            dimensions_map={"RuleName": name},
            statistic="Sum",
            period=Duration.minutes(5),
            label=f"{what} runs",
        )

    def _let_events_write(self) -> None:
        """Let EventBridge write to the group, without CDK's target, which adds a Lambda."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": arn("logs", f"log-group:{self.group}:*"),
        }
        document = {"Version": "2012-10-17", "Statement": [statement]}
        logs.CfnResourcePolicy(
            self,
            "EventsMayWrite",
            policy_name=f"{self.settings.name}-glue-events",
            policy_document=json.dumps(document),
        )
