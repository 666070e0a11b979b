"""Both sides use the same names for what connects AWS and Snowflake."""

from pathlib import Path

import pytest
from moto import mock_aws

from chartlake.snowflake.environments import read_environment
from chartlake.status.on_aws import raw_bucket
from infra.settings import read_settings
from tests.support.infra_app import ACCOUNT, REGION, resources, said, usual

EXAMPLE = "0" * 12
TRUST = "sts:ExternalId"


def deployed(kind: str, name: str, environment: str) -> set[str]:
    """What is deployed of a kind, as another environment of the example's account has it."""
    found = {said(made[name]) for made in resources(usual(), kind).values() if name in made}
    return {
        one.replace("chartlake-test", f"chartlake-{environment}").replace(ACCOUNT, EXAMPLE)
        for one in found
    }


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_snowflake_uses_the_names_that_aws_deploys(environment):
    told = read_environment(environment)
    assert told["bucket"] in deployed("AWS::S3::Bucket", "BucketName", environment)
    roles = deployed("AWS::IAM::Role", "RoleName", environment)
    arn = f"arn:aws:iam::{EXAMPLE}:role/"
    assert told["storage_role_arn"].removeprefix(arn) in roles
    assert told["alarm_role_arn"].removeprefix(arn) in roles
    topics = deployed("AWS::SNS::Topic", "TopicName", environment)
    assert told["alarm_topic_arn"].removeprefix(f"arn:aws:sns:{REGION}:{EXAMPLE}:") in topics


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_role_requires_the_external_id_of_snowflake(environment):
    settings = read_settings(environment)
    assert settings.snowflake.storage_external_id in ("", settings.name)
    assert read_environment(environment)["storage_external_id"] == settings.name
    trusted = [
        statement["Condition"]["StringEquals"][TRUST]
        for role in resources(usual(), "AWS::IAM::Role").values()
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
        if TRUST in statement.get("Condition", {}).get("StringEquals", {})
    ]
    assert "chartlake-test" in trusted


def test_the_guide_names_every_setting_that_snowflake_reports():
    guide = Path("docs/deploy.md").read_text(encoding="utf-8")
    for name in read_settings("dev").snowflake.model_dump():
        assert f"`{name}`" in guide


def test_the_ledger_reads_the_bucket_that_aws_deploys(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        found = raw_bucket(read_settings("dev")).replace(ACCOUNT, EXAMPLE)
    assert found in deployed("AWS::S3::Bucket", "BucketName", "dev")
