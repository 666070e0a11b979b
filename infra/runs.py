"""From a manifest in raw to a run of build_tables: an event rule and two state machines.

`manifest_arrived` reads the manifest that the event names, and starts `build` once, under the
manifest's own name. `build` runs the Glue job for a range of days; people start it, too. Both are
written in Amazon States Language, in `state_machines/`.
"""

import json
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from chartlake.contract.paths import RAW_MANIFESTS
from infra.access import allow, read, role, service
from infra.alerts import Alerts
from infra.extract import created_in
from infra.functions import log_group
from infra.names import arn, bucket_name
from infra.report import REPORT
from infra.settings import Settings
from infra.transform import Transform

DEFINITIONS = Path(__file__).parent / "state_machines"
LOG_DELIVERY = (
    *("logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery"),
    *("logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy"),
    *("logs:DescribeResourcePolicies", "logs:DescribeLogGroups"),
)
TRACING = ("xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules")
GLUE_RUNS = ("glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun")


class Runs(Construct):
    """The rule and the machines."""

    def __init__(
        self, scope: Construct, settings: Settings, alerts: Alerts, transform: Transform
    ) -> None:
        super().__init__(scope, "Runs")
        self.settings, self.alerts = settings, alerts
        may = [allow(GLUE_RUNS, [arn("glue", f"job/{transform.build_tables}")])]
        if settings.report:
            function = arn("lambda", f"function:{settings.name}-{REPORT}")
            may.append(allow(["lambda:InvokeFunction"], [function]))
        self.build = self._machine(
            "build",
            may,
            BuildTablesJob=transform.build_tables,
            WorkerType=settings.glue.worker_type,
            Workers=str(settings.glue.workers),
            TimeoutMinutes=str(settings.glue.timeout_minutes),
            Report=str(settings.report).lower(),
            ReportFunction=f"{settings.name}-{REPORT}",
        )
        raw = bucket_name(settings, "raw")
        self.manifest_arrived = self._machine(
            "manifest_arrived",
            [
                read(raw, f"{RAW_MANIFESTS}/*"),
                allow(["states:StartExecution"], [self.build.state_machine_arn]),
            ],
            BuildMachine=self.build.state_machine_arn,
            Environment=settings.environment,
        )
        self._start_when_a_manifest_arrives(raw)

    def _machine(
        self,
        what: str,
        statements: list[iam.PolicyStatement],
        **substitutions: str,
    ) -> sfn.StateMachine:
        called = what.title().replace("_", "")
        # For groups with this prefix, Step Functions writes logs without a resource policy.
        group = log_group(
            self,
            self.settings,
            f"{called}Logs",
            f"/aws/vendedlogs/states/{self.settings.name}-{what}",
        )
        everywhere = allow([*LOG_DELIVERY, *TRACING, "xray:GetSamplingTargets"], ["*"])
        may = [*statements, *self.alerts.statements_to_publish(), everywhere]
        text = (DEFINITIONS / f"{what}.asl.json").read_text(encoding="utf-8")
        return sfn.StateMachine(
            self,
            called,
            state_machine_name=f"{self.settings.name}-{what}",
            # Minified: the console formats it again.
            definition_body=sfn.DefinitionBody.from_string(json.dumps(json.loads(text))),
            definition_substitutions={
                "Topic": self.alerts.topic.topic_arn,
                "Name": self.settings.name,
                **substitutions,
            },
            role=role(self, f"{called}Role", service("states"), may),
            tracing_enabled=True,
            logs=sfn.LogOptions(destination=group, level=sfn.LogLevel.ALL),
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _start_when_a_manifest_arrives(self, raw: str) -> None:
        events.Rule(
            self,
            "WhenAManifestArrives",
            rule_name=f"{self.settings.name}-manifest-arrived",
            description="A capture or an import finished: build its days",
            event_pattern=created_in(raw, f"{RAW_MANIFESTS}/dt=*/*.json"),
            targets=[
                targets.SfnStateMachine(
                    self.manifest_arrived,
                    dead_letter_queue=self.alerts.undelivered,
                    retry_attempts=20,
                    max_event_age=Duration.hours(2),
                )
            ],
        )
