"""What buckets, the secret, the topic, its key and the queues allow, and to whom."""

import pytest

from tests.support.infra_app import (
    ACCOUNT,
    REGION,
    resources,
    said,
    usual,
    with_everything,
    without_hash,
)
from tests.support.infra_permissions import as_list, permissions


def test_the_raw_bucket_denies_every_pipeline_role_to_delete():
    policy = statements_of_bucket("raw")["ThePipelineNeverDeletesRaw"]
    assert policy["Effect"] == "Deny"
    assert policy["Principal"] == {"AWS": "*"}
    assert policy["Action"] == ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    assert said(policy["Resource"]) == f"arn:aws:s3:::chartlake-test-raw-{ACCOUNT}-{REGION}/*"
    who = said(policy["Condition"]["ArnLike"]["aws:PrincipalArn"])
    assert who == f"arn:aws:iam::{ACCOUNT}:role/chartlake-test-*"
    # CloudFormation names a role after its stack, or the role says its name itself.
    given = [
        role["RoleName"]
        for role in resources(with_everything(), "AWS::IAM::Role").values()
        if "RoleName" in role
    ]
    assert given == ["chartlake-test-snowflake", "chartlake-test-snowflake-alarms"]


def statements_of_bucket(what):
    for policy in resources(usual(), "AWS::S3::BucketPolicy").values():
        bucket = resources(usual(), "AWS::S3::Bucket")[policy["Bucket"]["Ref"]]
        if said(bucket["BucketName"]).startswith(f"chartlake-test-{what}-"):
            return {s.get("Sid", s["Effect"]): s for s in policy["PolicyDocument"]["Statement"]}
    raise KeyError(what)


def test_only_the_extract_lambda_may_read_the_secret():
    [policy] = resources(usual(), "AWS::SecretsManager::ResourcePolicy").values()
    [statement] = policy["ResourcePolicy"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", {"AWS": "*"})
    assert statement["Action"] == "secretsmanager:GetSecretValue"
    [(condition, who)] = statement["Condition"].items()
    assert condition == "ArnNotEquals"
    assert without_hash(said(who["aws:PrincipalArn"])) == "<ExtractExtractRole.Arn>"


def test_everyone_who_publishes_to_the_topic_may_use_its_key():
    """A topic with its own key silently rejects publishers that may not use the key."""
    publishers = {
        role
        for role, lines in permissions(with_everything()).items()
        if ("sns:Publish", None) in lines
    }
    assert publishers == {
        "ReportReportRole",
        "RunsBuildRole",
        "RunsManifestArrivedRole",
        "SnowflakeAlarmRole",
    }
    for role in publishers:
        assert {("kms:Decrypt", None), ("kms:GenerateDataKey", None)} <= permissions(
            with_everything()
        )[role].keys()
    [topic] = resources(usual(), "AWS::SNS::TopicPolicy").values()
    [key] = resources(usual(), "AWS::KMS::Key").values()
    let_in = services(topic["PolicyDocument"], "sns:Publish")
    assert let_in == {"cloudwatch.amazonaws.com", "budgets.amazonaws.com"}
    assert services(key["KeyPolicy"], "kms:GenerateDataKey") == let_in
    assert services(key["KeyPolicy"], "kms:Decrypt") == let_in


def services(document, action):
    return {
        service
        for statement in document["Statement"]
        if statement["Effect"] == "Allow" and action in as_list(statement["Action"])
        for service in as_list(statement["Principal"].get("Service", []))
    }


def test_no_resource_policy_allows_outsiders():
    """No policy of a topic, queue, key, bucket or secret allows anything to everybody."""
    kinds = {
        "AWS::SNS::TopicPolicy": "PolicyDocument",
        "AWS::SQS::QueuePolicy": "PolicyDocument",
        "AWS::S3::BucketPolicy": "PolicyDocument",
        "AWS::KMS::Key": "KeyPolicy",
        "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
    }
    seen = 0
    for kind, name in kinds.items():
        for policy in resources(with_everything(), kind).values():
            for statement in policy[name]["Statement"]:
                seen += 1
                everybody = statement.get("Principal") in ("*", {"AWS": "*"})
                assert statement["Effect"] == "Deny" or not everybody, statement
    assert seen > 10


@pytest.mark.parametrize("what", ["raw", "curated", "athena-results", "access-logs"])
def test_buckets_are_private_encrypted_and_require_tls(what):
    [bucket] = [
        bucket
        for bucket in resources(usual(), "AWS::S3::Bucket").values()
        if said(bucket["BucketName"]) == f"chartlake-test-{what}-{ACCOUNT}-{REGION}"
    ]
    assert bucket["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    policies = [
        p
        for p in resources(usual(), "AWS::S3::BucketPolicy").values()
        if resources(usual(), "AWS::S3::Bucket")[p["Bucket"]["Ref"]] == bucket
    ]
    denied = [
        statement["Condition"]
        for statement in policies[0]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and statement["Action"] == "s3:*"
    ]
    assert {"Bool": {"aws:SecureTransport": "false"}} in denied
    assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in denied


@pytest.mark.parametrize(
    ("kind", "of", "action"),
    [
        ("AWS::SNS::Topic", "Topics", "sns:Publish"),
        ("AWS::SQS::Queue", "Queues", "sqs:*"),
    ],
)
def test_topics_and_queues_require_tls(kind, of, action):
    policies = resources(usual(), f"{kind}Policy").values()
    covered = {one["Ref"] for policy in policies for one in policy[of]}
    assert covered == resources(usual(), kind).keys() != set()
    for policy in policies:
        denied = [
            statement
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Deny" and statement["Action"] == action
        ]
        assert [statement["Condition"] for statement in denied] == [
            {"Bool": {"aws:SecureTransport": "false"}}
        ]
