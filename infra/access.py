"""Roles and their hand-written statements: CDK's own grants allow more than is needed."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.names import bucket_arn, object_arns

Conditions = Mapping[str, Any]


def allow(
    actions: Sequence[str], resources: Sequence[str], conditions: Conditions | None = None
) -> iam.PolicyStatement:
    """Allow actions on resources."""
    return iam.PolicyStatement(
        actions=list(actions), resources=list(resources), conditions=conditions
    )


def read(bucket: str, *patterns: str) -> iam.PolicyStatement:
    """Allow reading objects whose keys match."""
    return allow(["s3:GetObject"], object_arns(bucket, *patterns))


def write(bucket: str, *patterns: str) -> iam.PolicyStatement:
    """Allow writing objects whose keys match, including multipart uploads."""
    return allow(["s3:PutObject", "s3:AbortMultipartUpload"], object_arns(bucket, *patterns))


def find(*buckets: str) -> iam.PolicyStatement:
    """Allow listing the names in whole buckets.

    Without it, or with a condition on the prefix, S3 answers 403 if an object is missing, and the
    pipeline could not tell "not yet written" from "not allowed".
    """
    return allow(["s3:ListBucket"], [bucket_arn(name) for name in buckets])


def find_with_hadoop(*buckets: str) -> list[iam.PolicyStatement]:
    """Allow the same for Spark, whose Hadoop also queries a bucket's location."""
    located = allow(["s3:GetBucketLocation"], [bucket_arn(name) for name in buckets])
    return [find(*buckets), located]


def role(
    scope: Construct,
    name: str,
    principal: iam.IPrincipal,
    statements: Sequence[iam.PolicyStatement],
    known_as: str | None = None,
) -> iam.IRole:
    """Create a role that a principal assumes, with these statements and never any other.

    They are part of the role itself, so they exist as soon as the role does. `known_as` is its name
    if something outside this stack uses it.
    """
    only = {"Only": iam.PolicyDocument(statements=list(statements))}
    return iam.Role(
        scope, name, role_name=known_as, assumed_by=principal, inline_policies=only
    ).without_policy_updates()


def service(name: str) -> iam.ServicePrincipal:
    """Return the principal of an AWS service that assumes a role: `lambda`, `glue`."""
    return iam.ServicePrincipal(f"{name}.amazonaws.com")
