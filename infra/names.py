"""What parts of a deployment call each other: by name, so that no stack exports to another."""

from aws_cdk import Aws

from infra.settings import Settings

LANDING_DATABASE = "chartlake_landing"
VIEWS_DATABASE = "chartlake"
"""Its views are made by `make athena-views`, not by a stack."""
INBOX = "inbox"


def bucket_name(settings: Settings, what: str) -> str:
    """Name a bucket: raw and curated hold charts, athena-results and access-logs what passes."""
    return f"{settings.name}-{what}-{Aws.ACCOUNT_ID}-{Aws.REGION}"


def bucket_arn(bucket: str) -> str:
    """Name a bucket to IAM."""
    return f"arn:{Aws.PARTITION}:s3:::{bucket}"


def object_arns(bucket: str, *patterns: str) -> list[str]:
    """Name the objects of a bucket whose keys match one of the patterns."""
    return [f"{bucket_arn(bucket)}/{pattern}" for pattern in patterns]


def arn(service: str, resource: str) -> str:
    """Name something of this account and region."""
    return f"arn:{Aws.PARTITION}:{service}:{Aws.REGION}:{Aws.ACCOUNT_ID}:{resource}"
