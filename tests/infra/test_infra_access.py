"""What each role may do, read from the templates: exactly this."""

import json
from collections import defaultdict
from fnmatch import fnmatchcase

import pytest

from infra.exceptions import ELSEWHERE, WILDCARDS
from tests.support.infra_app import (
    ACCOUNT,
    REGION,
    resources,
    said,
    usual,
    with_everything,
    without_hash,
)
from tests.support.infra_permissions import Permissions, as_list, permissions, short, statements

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
}


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


def test_each_role_has_exactly_these_permissions():
    assert as_conditions_say(usual(), permissions(usual())) == declared(ROLES)


def test_options_add_their_own_roles_and_one_permission():
    """Options add their own roles, and the report one permission to call it."""
    found = as_conditions_say(with_everything(), permissions(with_everything()))
    assert found == declared(ROLES | OPTIONAL_ROLES)


def test_no_action_has_a_wildcard():
    actions = {
        action
        for _, statement in statements(with_everything())
        for action in as_list(statement["Action"])
    }
    assert [action for action in actions if "*" in action] == []


def test_every_wildcard_resource_has_its_reason():
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


def test_only_prune_runs_may_delete_published_files_and_nobody_raw():
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
def test_snowflake_is_trusted_only_once_its_identity_is_set(out, storage, alerts):
    trusted = {}
    for name, role in resources(out(), "AWS::IAM::Role").items():
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        if "AWS" in statement["Principal"]:
            known = statement["Condition"]["StringEquals"]["sts:ExternalId"]
            trusted[without_hash(name)] = (said(statement["Principal"]["AWS"]), known)
    assert trusted == {"SnowflakeStorageRole": storage, "SnowflakeAlarmRole": alerts}
