"""What Snowflake may do here: read curated files, and publish what goes wrong in Snowflake.

Snowflake reveals its users only after its integrations name these roles, and an integration keeps
the names forever, so we choose them. Until the settings contain its users, the roles trust only
this account. Snowpipe's queue is notified of new files in data.py, where the bucket is.
"""

from aws_cdk import CfnOutput
from aws_cdk import aws_iam as iam
from constructs import Construct

from chartlake.contract.paths import CURATED
from infra.access import allow, role
from infra.alerts import Alerts
from infra.names import bucket_arn, bucket_name, object_arns
from infra.settings import Settings

NOT_YET = "not-yet-known"


class SnowflakeAccess(Construct):
    """A role for the storage integration, and one for the notification integration."""

    def __init__(self, scope: Construct, settings: Settings, alerts: Alerts) -> None:
        super().__init__(scope, "Snowflake")
        known = settings.snowflake
        curated = bucket_name(settings, "curated")
        statements = [
            allow(["s3:GetObject", "s3:GetObjectVersion"], object_arns(curated, f"{CURATED}/*")),
            allow(
                ["s3:ListBucket"],
                [bucket_arn(curated)],
                {"StringLike": {"s3:prefix": [f"{CURATED}/*"]}},
            ),
            # A separate statement: a request for the region has no prefix.
            allow(["s3:GetBucketLocation"], [bucket_arn(curated)]),
        ]
        name = f"{settings.name}-snowflake"
        storage = self._principal(
            known.storage_user_arn, known.storage_external_id or settings.name
        )
        alarm = self._principal(known.alarm_user_arn, known.alarm_external_id or NOT_YET)
        reads = role(self, "StorageRole", storage, statements, name)
        tells = role(self, "AlarmRole", alarm, alerts.statements_to_publish(), f"{name}-alarms")
        CfnOutput(scope, "CuratedBucket", value=curated)
        CfnOutput(scope, "SnowflakeStorageRole", value=reads.role_arn)
        CfnOutput(scope, "SnowflakeAlarmRole", value=tells.role_arn)
        CfnOutput(scope, "AlarmTopic", value=alerts.topic.topic_arn)

    def _principal(self, user_arn: str, external_id: str) -> iam.IPrincipal:
        who = iam.ArnPrincipal(user_arn) if user_arn else iam.AccountRootPrincipal()
        return who.with_conditions({"StringEquals": {"sts:ExternalId": external_id}})
