"""What Snowflake may do here: read curated files, and tell people what goes wrong over there.

Snowflake says who it is only after its integrations name these roles. Until the settings hold that,
the roles trust nobody: the account itself, with an id that nobody uses. The queue that Snowpipe
listens to is told of new files in data.py, where the bucket is.
"""

from aws_cdk import CfnOutput
from aws_cdk import aws_iam as iam
from constructs import Construct

from chartlake.paths import CURATED
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
        storage = self._role(
            "Storage",
            known.storage_user_arn,
            known.storage_external_id,
            [
                allow(
                    ["s3:GetObject", "s3:GetObjectVersion"], object_arns(curated, f"{CURATED}/*")
                ),
                allow(
                    ["s3:ListBucket"],
                    [bucket_arn(curated)],
                    {"StringLike": {"s3:prefix": [f"{CURATED}/*"]}},
                ),
                # Its own statement: a question for the region names no prefix.
                allow(["s3:GetBucketLocation"], [bucket_arn(curated)]),
            ],
        )
        alert = self._role(
            "Alerts",
            known.alerts_user_arn,
            known.alerts_external_id,
            alerts.statements_to_publish(),
        )
        CfnOutput(scope, "SnowflakeStorageRole", value=storage.role_arn)
        CfnOutput(scope, "SnowflakeAlertsRole", value=alert.role_arn)
        CfnOutput(scope, "AlertsTopic", value=alerts.topic.topic_arn)
        CfnOutput(scope, "CuratedBucket", value=curated)

    def _role(
        self, what: str, user_arn: str, external_id: str, statements: list[iam.PolicyStatement]
    ) -> iam.IRole:
        principal = iam.ArnPrincipal(user_arn) if user_arn else iam.AccountRootPrincipal()
        known = {"StringEquals": {"sts:ExternalId": external_id or NOT_YET}}
        return role(self, f"{what}Role", principal.with_conditions(known), statements)
