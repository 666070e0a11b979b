"""The age of the newest published day, measured hourly in the bucket that readers read."""

from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chartlake.contract.paths import table_prefix
from chartlake.contract.tables import LOAD_MANIFEST
from infra.access import find
from infra.alerts import Alerts
from infra.functions import function
from infra.names import bucket_name
from infra.newest_day import METRIC, NAMESPACE
from infra.settings import Settings

CODE = Path(__file__).parent / "newest_day.py"


class Freshness(Construct):
    """A one-file Lambda that reports `age`: hours since the newest published day began."""

    def __init__(self, scope: Construct, settings: Settings, alerts: Alerts) -> None:
        super().__init__(scope, "Freshness")
        curated = bucket_name(settings, "curated")
        measure = function(
            self,
            settings,
            "newest-day",
            lambda_.Code.from_inline(CODE.read_text(encoding="utf-8")),
            "index.handler",
            [find(curated)],
            {"CURATED_BUCKET": curated, "MANIFESTS_PREFIX": table_prefix(LOAD_MANIFEST.name)},
            alerts.failed,
            Duration.minutes(1),
        )
        events.Rule(
            self,
            "EveryHour",
            rule_name=f"{settings.name}-newest-day",
            # Far from the full hour, so that each hour of the metric gets a value.
            schedule=events.Schedule.cron(minute="20"),
            targets=[targets.LambdaFunction(measure, dead_letter_queue=alerts.undelivered)],
        )
        self.age = cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=METRIC,
            dimensions_map={"service": "newest_day"},
            statistic="Maximum",
            period=Duration.hours(1),
            label="hours since the newest day began",
        )
