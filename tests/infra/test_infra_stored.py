"""Storage: how long it is kept, who is notified, and how Athena finds it."""

import json

from chartlake.contract.tables import TABLES
from tests.support.infra_app import (
    ACCOUNT,
    REGION,
    SETTINGS,
    resources,
    said,
    synthesize,
    usual,
    with_everything,
)


def test_athena_has_the_tables_of_the_contract():
    tables = {t["TableInput"]["Name"]: t for t in resources(usual(), "AWS::Glue::Table").values()}
    assert tables.keys() == {table.name for table in TABLES}
    for table in TABLES:
        of = tables[table.name]["TableInput"]
        columns = [(c["Name"], c["Type"]) for c in of["StorageDescriptor"]["Columns"]]
        assert columns == [(column.name, column.type) for column in table.columns]
        assert of["PartitionKeys"] == [{"Name": "dt", "Type": "string"}]
        assert tables[table.name]["DatabaseName"] == "chartlake_landing"


def test_days_are_projected_in_the_format_of_their_folders():
    for table in resources(usual(), "AWS::Glue::Table").values():
        assert table["TableInput"]["Parameters"] == {
            "classification": "parquet",
            "projection.enabled": "true",
            "projection.dt.type": "date",
            "projection.dt.format": "yyyy-MM-dd",
            "projection.dt.range": "2016-12-01,NOW+1DAYS",
        }
        # Client-side encryption and a bucket's own are not the same: nothing may claim the former.
        assert "has_encrypted_data" not in json.dumps(table)


def test_a_query_has_a_scan_limit_and_its_result_expires():
    """A query cannot read more than the limit, and its result does not stay."""
    [group] = resources(usual(), "AWS::Athena::WorkGroup").values()
    configuration = group["WorkGroupConfiguration"]
    assert configuration["EnforceWorkGroupConfiguration"]
    assert configuration["BytesScannedCutoffPerQuery"] == 10_000_000_000
    result = configuration["ResultConfiguration"]
    assert result["EncryptionConfiguration"] == {"EncryptionOption": "SSE_S3"}
    bucket = f"chartlake-test-athena-results-{ACCOUNT}-{REGION}"
    assert said(result["OutputLocation"]) == f"s3://{bucket}/results/"
    assert lifecycle("athena-results")["expire-everything"]["ExpirationInDays"] == 7


def test_athena_statements_become_named_queries(tmp_path):
    for name, text in {
        "views/song_trends.sql": "-- The newest run of each day\nSELECT 1\n",
        "queries/01_climbers.sql": "SELECT 2\n",
        "readme.md": "no statement",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = resources(synthesize(SETTINGS, tmp_path), "AWS::Athena::NamedQuery").values()
    told = {(q["Name"], q["QueryString"], q.get("Description"), q["WorkGroup"]) for q in found}
    assert told == {
        (
            "views/song_trends",
            "-- The newest run of each day\nSELECT 1\n",
            "The newest run of each day",
            "chartlake-test",
        ),
        ("queries/01_climbers", "SELECT 2\n", None, "chartlake-test"),
    }


def lifecycle(what):
    for bucket in resources(usual(), "AWS::S3::Bucket").values():
        if said(bucket["BucketName"]).startswith(f"chartlake-test-{what}-"):
            return {rule["Id"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    raise KeyError(what)


def test_charts_never_expire():
    for what, prefixes in {"raw": {"inbox/", "raw/doctor/"}, "curated": set()}.items():
        expiring = {
            rule.get("Prefix", "")
            for rule in lifecycle(what).values()
            if "ExpirationInDays" in rule
        }
        assert expiring == prefixes
    forgotten = {
        rule["Prefix"]
        for rule in lifecycle("raw").values()
        if "NoncurrentVersionExpiration" in rule
    }
    assert forgotten == {"inbox/"}


def test_raw_and_curated_keep_versions():
    versioned = {
        said(bucket["BucketName"]).removesuffix(f"-{ACCOUNT}-{REGION}")
        for bucket in resources(usual(), "AWS::S3::Bucket").values()
        if bucket.get("VersioningConfiguration") == {"Status": "Enabled"}
    }
    assert versioned == {"chartlake-test-raw", "chartlake-test-curated"}


def told(out):
    """The notifications of each bucket."""
    return {
        said(bucket["BucketName"]).removesuffix(f"-{ACCOUNT}-{REGION}"): bucket[
            "NotificationConfiguration"
        ]
        for bucket in resources(out, "AWS::S3::Bucket").values()
        if "NotificationConfiguration" in bucket
    }


def test_snowpipe_is_notified_of_parquet_files_once_its_queue_is_known():
    events = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert told(usual()) == {"chartlake-test-raw": events}
    rules = [{"Name": "prefix", "Value": "curated/"}, {"Name": "suffix", "Value": ".parquet"}]
    assert told(with_everything()) == {
        "chartlake-test-raw": events,
        "chartlake-test-curated": {
            "QueueConfigurations": [
                {
                    "Event": "s3:ObjectCreated:*",
                    "Queue": "arn:aws:sqs:eu-west-1:999988887777:sf-snowpipe",
                    "Filter": {"S3Key": {"Rules": rules}},
                }
            ]
        },
    }
