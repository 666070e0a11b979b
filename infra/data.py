"""The buckets: raw and curated hold the charts, two more hold temporary data.

Raw is written once and never deleted by the pipeline: its roles have no permission, and the bucket
denies them regardless. Objects are encrypted with S3's own keys: the charts are public, and our own
key would also have to be granted to Snowflake, Athena and every reader.
"""

from typing import Any

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from chartlake.contract.paths import CURATED, RAW_DOCTOR, REPORT, STATE
from infra.names import INBOX, bucket_name, object_arns
from infra.settings import Settings


class Data(Construct):
    """Four buckets, which are kept when their stack is deleted."""

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "Data")
        self.settings = settings
        days = settings.retention_days
        self.access_logs = self._bucket("access-logs", [_expire("", days.access_logs)])
        self.raw = self._bucket(
            "raw",
            [
                _expire(f"{INBOX}/", days.inbox),
                _forget_deleted(f"{INBOX}/", days.recovery),
                _expire(f"{RAW_DOCTOR}/", days.inbox),
            ],
            self.access_logs,
        )
        self.curated = self._bucket(
            "curated",
            [_forget_deleted(f"{prefix}/", days.recovery) for prefix in (CURATED, STATE, REPORT)],
            self.access_logs,
        )
        self.athena_results = self._bucket(
            "athena-results", [_expire("", days.athena_results)], self.access_logs
        )
        self.raw.add_to_resource_policy(self._nobody_of_the_pipeline_deletes())
        _notify(self.raw, event_bridge_configuration={"eventBridgeEnabled": True})
        if queue := settings.snowflake.pipe_queue_arn:
            _notify(self.curated, queue_configurations=[_new_parquet_file(queue)])

    def _bucket(
        self, what: str, rules: list[s3.LifecycleRule], access_logs: s3.IBucket | None = None
    ) -> s3.Bucket:
        unfinished = s3.LifecycleRule(
            id="unfinished-uploads", abort_incomplete_multipart_upload_after=Duration.days(7)
        )
        return s3.Bucket(
            self,
            what.title().replace("-", ""),
            bucket_name=bucket_name(self.settings, what),
            versioned=what in ("raw", "curated"),
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix=f"{what}/" if access_logs else None,
            lifecycle_rules=[unfinished, *rules],
            removal_policy=RemovalPolicy.RETAIN,
        )

    def _nobody_of_the_pipeline_deletes(self) -> iam.PolicyStatement:
        roles = f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/{self.settings.name}-*"
        return iam.PolicyStatement(
            sid="ThePipelineNeverDeletesRaw",
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=["s3:DeleteObject", "s3:DeleteObjectVersion"],
            resources=object_arns(bucket_name(self.settings, "raw"), "*"),
            conditions={"ArnLike": {"aws:PrincipalArn": roles}},
        )


def _expire(prefix: str, days: int) -> s3.LifecycleRule:
    name = prefix.strip("/").replace("/", "-") or "everything"
    return s3.LifecycleRule(
        id=f"expire-{name}", prefix=prefix or None, expiration=Duration.days(days)
    )


def _forget_deleted(prefix: str, days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        id=f"forget-deleted-{prefix.strip('/')}",
        prefix=prefix,
        noncurrent_version_expiration=Duration.days(days),
    )


def _notify(bucket: s3.Bucket, **configuration: Any) -> None:
    """Set a bucket's notifications as its own property, because CDK's method adds a Lambda."""
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)  # noqa: S101 (what CDK documents, for the types)
    resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
        **configuration
    )


def _new_parquet_file(queue: str) -> s3.CfnBucket.QueueConfigurationProperty:
    """Notify Snowpipe's queue of new files: one rule for every pipe, as Snowflake has one queue."""
    rules = [
        s3.CfnBucket.FilterRuleProperty(name="prefix", value=f"{CURATED}/"),
        s3.CfnBucket.FilterRuleProperty(name="suffix", value=".parquet"),
    ]
    return s3.CfnBucket.QueueConfigurationProperty(
        event="s3:ObjectCreated:*",
        queue=queue,
        filter=s3.CfnBucket.NotificationFilterProperty(
            s3_key=s3.CfnBucket.S3KeyFilterProperty(rules=rules)
        ),
    )
