"""The names that parts of a deployment share, so that no stack exports to another."""

from aws_cdk import Aws

from infra.settings import Settings

LANDING_DATABASE = "chartlake_landing"
VIEWS_DATABASE = "chartlake"
"""Its views are created by `chartlake aws views`, not by a stack."""
INBOX = "inbox"


def bucket_name(settings: Settings, what: str) -> str:
    """Return a bucket's name: raw and curated hold charts, the others temporary data."""
    return f"{settings.name}-{what}-{Aws.ACCOUNT_ID}-{Aws.REGION}"


def bucket_arn(bucket: str) -> str:
    """Return the ARN of a bucket."""
    return f"arn:{Aws.PARTITION}:s3:::{bucket}"


def object_arns(bucket: str, *patterns: str) -> list[str]:
    """Return the ARNs of the objects of a bucket whose keys match one of the patterns."""
    return [f"{bucket_arn(bucket)}/{pattern}" for pattern in patterns]


def arn(service: str, resource: str) -> str:
    """Return the ARN of a resource in this account and region."""
    return f"arn:{Aws.PARTITION}:{service}:{Aws.REGION}:{Aws.ACCOUNT_ID}:{resource}"
