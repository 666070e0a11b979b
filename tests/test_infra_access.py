"""What each role may do, read from the templates: exactly this, and nobody more."""

import json
import re
from collections import defaultdict
from fnmatch import fnmatchcase

import pytest

from infra.exceptions import ELSEWHERE, WILDCARDS
from tests.infra_app import ACCOUNT, REGION, resources, said, usual, with_everything, without_hash

LOGS = "logs:CreateLogStream, logs:PutLogEvents"
OBJECTS = "s3:AbortMultipartUpload, s3:PutObject"
ALERTS = {
    "sns:Publish": "<AlertsTopic>",
    "kms:Decrypt, kms:GenerateDataKey": "<AlertsKey.Arn>",
}
DELIVERY = (
    "logs:CreateLogDelivery, logs:DeleteLogDelivery, logs:DescribeLogGroups, "
    "logs:DescribeResourcePolicies, logs:GetLogDelivery, logs:ListLogDeliveries, "
    "logs:PutResourcePolicy, logs:UpdateLogDelivery, xray:GetSamplingRules, "
    "xray:GetSamplingTargets, xray:PutTelemetryRecords, xray:PutTraceSegments"
)
GLUE_LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws-glue/chartlake-test/*"
BUILD_TABLES = f"arn:aws:glue:{REGION}:{ACCOUNT}:job/chartlake-test-build_tables"

ROLES = {
    "ExtractExtractRole": {
        "s3:ListBucket": "raw",
        "s3:AbortMultipartUpload, s3:GetObject, s3:PutObject": (
            "raw/raw/manifests/*, raw/raw/playlists/*"
        ),
        "secretsmanager:GetSecretValue": "<ExtractSpotify>",
        LOGS: "<ExtractExtractLogs.Arn>",
        "sqs:SendMessage": "<AlertsFailed.Arn>",
    },
    "ExtractImportRole": {
        "s3:ListBucket": "raw",
        "s3:GetObject": "raw/inbox/*, raw/raw/charts_csv/*, raw/raw/manifests/*",
        OBJECTS: "raw/raw/charts_csv/*, raw/raw/manifests/*",
        LOGS: "<ExtractImportLogs.Arn>",
        "sqs:SendMessage": "<AlertsFailed.Arn>",
    },
    "TransformBuildTablesRole": {
        "s3:GetObject": (
            "assets/Charts, assets/Libraries, assets/BuildTablesScript, curated/curated/*, "
            "curated/state/*, raw/raw/charts_csv/*, raw/raw/playlists/*"
        ),
        OBJECTS: "curated/curated/*, curated/state/*",
        "s3:DeleteObject": (
            "curated/curated/*/, curated/curated/*/__magic_job-*, curated/curated/*/_temporary/*, "
            "curated/state/*/, curated/state/*/__magic_job-*, curated/state/*/_temporary/*"
        ),
        "s3:ListBucket": "curated, raw",
        "s3:GetBucketLocation": "curated, raw",
        "s3:ListBucket if s3:prefix is like Charts*": "assets",
        LOGS: GLUE_LOGS,
    },
    "TransformPruneRunsRole": {
        "s3:GetObject": "assets/Libraries, assets/PruneRunsScript",
        "s3:DeleteObject, s3:GetObject": "curated/curated/*, curated/state/*",
        OBJECTS: "curated/curated/*/, curated/state/*/",
        "s3:ListBucket": "curated",
        "s3:GetBucketLocation": "curated",
        LOGS: GLUE_LOGS,
    },
    "TransformVerifyTrendsRole": {
        "s3:GetObject": "assets/Libraries, assets/VerifyTrendsScript, raw/raw/charts_csv/*",
        "s3:ListBucket": "raw",
        "s3:GetBucketLocation": "raw",
        LOGS: GLUE_LOGS,
    },
    "RunsBuildRole": {
        "glue:BatchStopJobRun, glue:GetJobRun, glue:GetJobRuns, glue:StartJobRun": BUILD_TABLES,
        DELIVERY: "*",
        **ALERTS,
    },
    "RunsManifestArrivedRole": {
        "s3:GetObject": "raw/raw/manifests/*",
        "states:StartExecution": "<RunsBuild>",
        DELIVERY: "*",
        **ALERTS,
    },
    "RunsManifestArrivedEventsRole": {"states:StartExecution": "<RunsManifestArrived>"},
    "ScheduleCaptureRole": {
        "lambda:InvokeFunction": "<Extract.Arn>",
        "sqs:SendMessage": "<AlertsUndelivered.Arn>",
    },
    "SnowflakeStorageRole": {
        "s3:GetObject, s3:GetObjectVersion": "curated/curated/*",
        "s3:ListBucket if s3:prefix is like curated/*": "curated",
        "s3:GetBucketLocation": "curated",
    },
    "SnowflakeAlarmRole": ALERTS,
    "FreshnessNewestDayRole": {
        "s3:ListBucket": "curated",
        LOGS: "<FreshnessNewestDayLogs.Arn>",
        "sqs:SendMessage": "<AlertsFailed.Arn>",
    },
}
"""Role: actions and what on. `raw/…` is an object in the raw bucket, and so are the others."""
OPTIONAL_ROLES = {
    "RunsBuildRole": ROLES["RunsBuildRole"]
    | {
        "lambda:InvokeFunction": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:chartlake-test-report"
    },
    "ReportReportRole": {
        (
            "athena:GetQueryExecution, athena:GetQueryResults, athena:StartQueryExecution, "
            "athena:StopQueryExecution"
        ): f"arn:aws:athena:{REGION}:{ACCOUNT}:workgroup/chartlake-test",
        "glue:GetDatabase, glue:GetPartitions, glue:GetTable, glue:GetTables": ", ".join(
            f"arn:aws:glue:{REGION}:{ACCOUNT}:{what}"
            for what in (
                "catalog",
                "database/chartlake",
                "database/chartlake_landing",
                "table/chartlake/*",
                "table/chartlake_landing/*",
            )
        ),
        "glue:GetDatabase": f"arn:aws:glue:{REGION}:{ACCOUNT}:database/default",
        "s3:GetObject": "athena-results/results/*, curated/curated/*",
        OBJECTS: "athena-results/results/*, curated/report/index.html",
        "s3:ListMultipartUploadParts": "athena-results/results/*",
        "s3:ListBucketMultipartUploads": "athena-results",
        "s3:ListBucket": "athena-results, curated",
        "s3:GetBucketLocation": "athena-results, curated",
        "sns:Publish": "<ReportTopic>",
        "kms:Decrypt, kms:GenerateDataKey": "<AlertsKey.Arn>",
        LOGS: "<ReportReportLogs.Arn>",
        "sqs:SendMessage": "<AlertsFailed.Arn>",
    },
    "SchedulePruneRole": {
        "glue:StartJobRun": f"arn:aws:glue:{REGION}:{ACCOUNT}:job/chartlake-test-prune_runs",
        "sqs:SendMessage": "<AlertsUndelivered.Arn>",
    },
    "CrawlerRole": {
        "s3:ListBucket": "curated",
        "s3:GetBucketLocation": "curated",
        "s3:GetObject": "curated/curated/*",
        (
            "glue:BatchCreatePartition, glue:BatchGetPartition, glue:CreateTable, "
            "glue:GetDatabase, glue:GetPartitions, glue:GetTable, glue:GetTables, "
            "glue:UpdatePartition, glue:UpdateTable"
        ): ", ".join(
            f"arn:aws:glue:{REGION}:{ACCOUNT}:{what}"
            for what in (
                "catalog",
                "database/chartlake_crawled",
                "table/chartlake_crawled/*",
            )
        ),
        "logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents": (
            f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws-glue/crawlers:*"
        ),
    },
}


Permissions = dict[str, dict[tuple[str, str | None], set[str]]]
"""Role -> (action, the prefix that its condition names) -> resources."""


def as_list(value):
    return value if isinstance(value, list) else [value]


def statements(out):
    """Every statement of every role, with the role's logical id less its hash."""
    for name, role in resources(out, "AWS::IAM::Role").items():
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield without_hash(name), statement
    for policy in resources(out, "AWS::IAM::Policy").values():
        for role in policy["Roles"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield without_hash(role["Ref"]), statement


def short(out, resource):
    """`raw/…` for an object in the raw bucket, `assets/<construct>` for a file that is deployed."""
    name = without_hash(said(resource))
    name = name.removeprefix("arn:aws:s3:::").replace(f"-{ACCOUNT}-{REGION}", "")
    name = re.sub("^chartlake-test-(raw|curated|athena-results)", r"\1", name)
    assets = json.loads((out / "chartlake-test-pipeline.assets.json").read_text())["files"]
    for key, file in assets.items():
        if name.startswith(f"cdk-hnb659fds-assets/{key}"):
            return "assets/" + file["displayName"].rpartition("/")[2]
    return name.replace("cdk-hnb659fds-assets", "assets")


def permissions(out):
    """Read what every role may do."""
    found: Permissions = defaultdict(lambda: defaultdict(set))
    for role, statement in statements(out):
        assert statement["Effect"] == "Allow"
        condition = statement.get("Condition", {})
        assert condition.keys() <= {"StringLike"}
        prefix = condition.get("StringLike", {}).get("s3:prefix")
        resources_ = {short(out, resource) for resource in as_list(statement["Resource"])}
        for action in as_list(statement["Action"]):
            found[role][action, prefix and prefix[0]] |= resources_
    return found


def declared(roles):
    """The same from the tables above."""
    found: Permissions = defaultdict(lambda: defaultdict(set))
    for role, lines in roles.items():
        for actions, on in lines.items():
            actions, _, prefix = actions.partition(" if s3:prefix is like ")
            for action in actions.split(", "):
                found[role][action, prefix or None] |= set(on.split(", "))
    return found


def as_conditions_say(out, found):
    """Name the charts file in a condition by its construct, as it is named elsewhere."""
    lines = found["TransformBuildTablesRole"]
    assets = json.loads((out / "chartlake-test-pipeline.assets.json").read_text())["files"]
    charts = next(k for k, file in assets.items() if file["displayName"] == "Transform/Charts")
    lines["s3:ListBucket", "Charts*"] = lines.pop(("s3:ListBucket", f"{charts}.toml*"))
    return found


def test_each_role_may_do_exactly_this():
    assert as_conditions_say(usual(), permissions(usual())) == declared(ROLES)


def test_options_bring_roles_of_their_own_and_the_report_one_permission_to_call_it():
    found = as_conditions_say(with_everything(), permissions(with_everything()))
    assert found == declared(ROLES | OPTIONAL_ROLES)


def test_no_action_has_a_wildcard():
    actions = {
        action
        for _, statement in statements(with_everything())
        for action in as_list(statement["Action"])
    }
    assert [action for action in actions if "*" in action] == []


def test_every_resource_with_a_wildcard_has_its_reason():
    found = {
        short(with_everything(), resource)
        for _, statement in statements(with_everything())
        for resource in as_list(statement["Resource"])
    }
    here = f"{REGION}:{ACCOUNT}"
    reasoned = {f"{bucket}/{objects}" for bucket, objects in WILDCARDS} | {
        f"arn:aws:{service}:{here}:{resource.format(name='chartlake-test')}"
        for service, resource in ELSEWHERE
    }
    assert {resource for resource in found if "*" in resource} == reasoned | {"*"}


def test_no_role_may_delete_from_raw_or_what_is_published_but_prune_runs():
    deletes = {
        role: on
        for role, lines in permissions(with_everything()).items()
        for (action, _), on in lines.items()
        if "Delete" in action and action.startswith("s3:")
    }
    assert deletes.keys() == {"TransformBuildTablesRole", "TransformPruneRunsRole"}
    published = (
        "curated/curated/song_trends/dt=2026-11-20/run=20261120T060512Z-a1b2c3/part-0.parquet"
    )
    may = {role: [p for p in on if fnmatchcase(published, p)] for role, on in deletes.items()}
    assert may == {"TransformBuildTablesRole": [], "TransformPruneRunsRole": ["curated/curated/*"]}


def test_the_raw_bucket_refuses_every_role_of_the_pipeline_to_delete():
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


def test_only_the_extract_lambda_may_read_the_secret_whatever_others_may():
    [policy] = resources(usual(), "AWS::SecretsManager::ResourcePolicy").values()
    [statement] = policy["ResourcePolicy"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", {"AWS": "*"})
    assert statement["Action"] == "secretsmanager:GetSecretValue"
    [(condition, who)] = statement["Condition"].items()
    assert condition == "ArnNotEquals"
    assert without_hash(said(who["aws:PrincipalArn"])) == "<ExtractExtractRole.Arn>"


def test_everybody_who_publishes_to_the_topic_may_use_its_key():
    """A topic with a key of its own refuses whoever has the topic alone, without a word."""
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


def test_nobody_outside_is_let_in_by_a_resource():
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
def test_buckets_are_private_encrypted_and_refuse_what_is_not_tls(what):
    [bucket] = [
        bucket
        for bucket in resources(usual(), "AWS::S3::Bucket").values()
        if said(bucket["BucketName"]) == f"chartlake-test-{what}-{ACCOUNT}-{REGION}"
    ]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
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
    ("out", "storage", "alerts"),
    [
        (
            usual,
            (f"arn:aws:iam::{ACCOUNT}:root", "chartlake-test"),
            (f"arn:aws:iam::{ACCOUNT}:root", "not-yet-known"),
        ),
        (
            with_everything,
            ("arn:aws:iam::999988887777:user/storage", "STORAGE_ID"),
            ("arn:aws:iam::999988887777:user/alarms", "ALARMS_ID"),
        ),
    ],
    ids=["before Snowflake is known", "after"],
)
def test_snowflake_is_trusted_once_it_has_said_who_it_is(out, storage, alerts):
    trusted = {}
    for name, role in resources(out(), "AWS::IAM::Role").items():
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        if "AWS" in statement["Principal"]:
            known = statement["Condition"]["StringEquals"]["sts:ExternalId"]
            trusted[without_hash(name)] = (said(statement["Principal"]["AWS"]), known)
    assert trusted == {"SnowflakeStorageRole": storage, "SnowflakeAlarmRole": alerts}


@pytest.mark.parametrize(
    ("kind", "action", "count"),
    [("AWS::SNS::TopicPolicy", "sns:Publish", 1), ("AWS::SQS::QueuePolicy", "sqs:*", 2)],
)
def test_topic_and_queues_refuse_what_is_not_tls(kind, action, count):
    policies = resources(usual(), kind).values()
    assert len(policies) == count
    for policy in policies:
        denied = [
            statement
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Deny" and statement["Action"] == action
        ]
        assert [statement["Condition"] for statement in denied] == [
            {"Bool": {"aws:SecureTransport": "false"}}
        ]
