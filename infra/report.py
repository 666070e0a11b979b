"""The Lambda that publishes the report after each run, and the topic of its digest.

The page is in the curated bucket, where neither Snowpipe nor Athena looks; anyone who may read that
one object may read the report. The digest has a topic of its own: readers of chart news need not
get alarms.
"""

from pathlib import Path

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from chartlake.contract.paths import CURATED, REPORT_PAGE
from infra.access import allow, find, read, write
from infra.alerts import KEY_ACTIONS, Alerts
from infra.functions import function
from infra.names import (
    LANDING_DATABASE,
    VIEWS_DATABASE,
    arn,
    bucket_arn,
    bucket_name,
    object_arns,
)
from infra.settings import Settings

REPORT = "report"
TIMEOUT = Duration.minutes(15)
QUERY = (
    *("athena:StartQueryExecution", "athena:GetQueryExecution"),
    *("athena:GetQueryResults", "athena:StopQueryExecution"),
)
READ_CATALOG = ("glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartitions")


class Report(Construct):
    """`publish` is the function, `topic` where the digest goes."""

    def __init__(
        self, scope: Construct, settings: Settings, alerts: Alerts, build_folder: Path
    ) -> None:
        super().__init__(scope, "Report")
        self.settings, self.alerts = settings, alerts
        self.topic = sns.Topic(
            self,
            "Topic",
            topic_name=f"{settings.name}-digest",
            display_name=f"Chartlake {settings.environment}",
            master_key=alerts.key,
            enforce_ssl=True,
        )
        for email in settings.digest_emails:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
        curated = bucket_name(settings, "curated")
        self.publish = function(
            self,
            settings,
            REPORT,
            lambda_.Code.from_asset(str(build_folder / "report_lambda.zip")),
            "chartlake.report.handler.handler",
            self._may(curated),
            {
                "CHARTLAKE_ENVIRONMENT": settings.environment,
                "CHARTLAKE_CURATED_BUCKET": curated,
                "CHARTLAKE_DIGEST_TOPIC": self.topic.topic_arn,
                # If captured hourly, a day's chart may change until the day is over.
                "CHARTLAKE_DAYS_BACK": "1" if settings.schedule == "hourly" else "0",
            },
            alerts.failed,
            TIMEOUT,
            memory_mb=1024,
        )
        CfnOutput(scope, "ReportPage", value=f"s3://{curated}/{REPORT_PAGE}")
        CfnOutput(scope, "DigestTopic", value=self.topic.topic_arn)

    def _may(self, curated: str) -> list[iam.PolicyStatement]:
        """Allow querying Athena, which uses S3 as this function; writing one page; notifying."""
        results = bucket_name(self.settings, "athena-results")
        databases = LANDING_DATABASE, VIEWS_DATABASE
        catalog = [
            arn("glue", "catalog"),
            *(arn("glue", f"database/{name}") for name in databases),
            *(arn("glue", f"table/{name}/*") for name in databases),
        ]
        return [
            allow(QUERY, [arn("athena", f"workgroup/{self.settings.name}")]),
            allow(READ_CATALOG, catalog),
            # Athena also reads this one for every query (Athena User Guide, "Configure
            # access to databases and tables in the AWS Glue Data Catalog").
            allow(["glue:GetDatabase"], [arn("glue", "database/default")]),
            find(curated, results),
            read(curated, f"{CURATED}/*"),
            read(results, "results/*"),
            write(results, "results/*"),
            allow(["s3:ListMultipartUploadParts"], object_arns(results, "results/*")),
            allow(["s3:GetBucketLocation"], [bucket_arn(curated), bucket_arn(results)]),
            allow(["s3:ListBucketMultipartUploads"], [bucket_arn(results)]),
            write(curated, REPORT_PAGE),
            allow(["sns:Publish"], [self.topic.topic_arn]),
            allow(KEY_ACTIONS, [self.alerts.key.key_arn]),
        ]
