"""EventBridge Scheduler: captures charts daily or hourly, and prunes runs weekly.

Both only if the settings say so.
"""

import json
from typing import Any

from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.access import allow, role, service
from infra.alerts import Alerts
from infra.extract import Extract
from infra.names import arn
from infra.settings import Settings
from infra.transform import Transform

SCHEDULED_AT = "<aws.scheduler.scheduled-time>"
"""EventBridge Scheduler replaces this with the timestamp at which a run was due."""
EVERY_SUNDAY = "cron(30 3 ? * SUN *)"
START_GLUE_JOB = "arn:aws:scheduler:::aws-sdk:glue:startJobRun"


class Schedule(Construct):
    """What runs by itself."""

    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        alerts: Alerts,
        extract: Extract,
        transform: Transform,
    ) -> None:
        super().__init__(scope, "Schedule")
        self.settings, self.alerts = settings, alerts
        if settings.cron:
            function = extract.captures.function_arn
            event = {"scheduled_at": SCHEDULED_AT}
            chosen = {"charts": settings.charts} if settings.charts else {}
            self._add(
                "capture",
                settings.cron,
                "lambda:InvokeFunction",
                function,
                function,
                event | chosen,
            )
        if settings.prune != "never":
            job = arn("glue", f"job/{transform.prune_runs}")
            delete = "true" if settings.prune == "delete" else "false"
            call = {"JobName": transform.prune_runs, "Arguments": {"--delete": delete}}
            self._add("prune", EVERY_SUNDAY, "glue:StartJobRun", job, START_GLUE_JOB, call)

    def _add(
        self, what: str, cron: str, action: str, may: str, target: str, event: dict[str, Any]
    ) -> None:
        """Call a target on a schedule, with a role that may call it and nothing else."""
        queue = self.alerts.undelivered.queue_arn
        statements = [allow([action], [may]), allow(["sqs:SendMessage"], [queue])]
        made = role(self, f"{what.title()}Role", service("scheduler"), statements)
        scheduler.CfnSchedule(
            self,
            what.title(),
            name=f"{self.settings.name}-{what}",
            schedule_expression=cron,
            schedule_expression_timezone="UTC",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=target,
                role_arn=made.role_arn,
                input=json.dumps(event),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=queue),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_retry_attempts=20, maximum_event_age_in_seconds=7200
                ),
            ),
        )
