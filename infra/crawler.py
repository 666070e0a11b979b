"""An optional crawler, started by hand: what the curated files hold, told by the files themselves.

Nothing needs it. Its tables are in a database of their own, so that they cannot replace ours.
"""

from aws_cdk import aws_glue as glue
from constructs import Construct

from chartlake.contract.paths import CURATED
from infra.access import allow, find_with_hadoop, read, role, service
from infra.catalog import database
from infra.names import arn, bucket_name
from infra.settings import Settings

DATABASE = "chartlake_crawled"
ACTIONS = (
    *("glue:GetDatabase", "glue:GetTable", "glue:GetTables"),
    *("glue:CreateTable", "glue:UpdateTable"),
    *("glue:GetPartitions", "glue:BatchGetPartition"),
    *("glue:BatchCreatePartition", "glue:UpdatePartition"),
)
LOGGING = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")


class Crawler(Construct):
    """A crawler of curated/, its role and its database."""

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "Crawler")
        bucket = bucket_name(settings, "curated")
        tables = [f"database/{DATABASE}", f"table/{DATABASE}/*"]
        statements = [
            *find_with_hadoop(bucket),
            read(bucket, f"{CURATED}/*"),
            allow(ACTIONS, [arn("glue", "catalog"), *(arn("glue", name) for name in tables)]),
            allow(LOGGING, [arn("logs", "log-group:/aws-glue/crawlers:*")]),
        ]
        target = glue.CfnCrawler.S3TargetProperty(path=f"s3://{bucket}/{CURATED}/")
        glue.CfnCrawler(
            self,
            "Curated",
            name=f"{settings.name}-curated",
            role=role(self, "Role", service("glue"), statements).role_arn,
            database_name=DATABASE,
            targets=glue.CfnCrawler.TargetsProperty(s3_targets=[target]),
            schema_change_policy=glue.CfnCrawler.SchemaChangePolicyProperty(
                update_behavior="UPDATE_IN_DATABASE", delete_behavior="LOG"
            ),
        ).node.add_dependency(database(self, DATABASE, "What the crawler made of curated files"))
