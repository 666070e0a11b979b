"""The age of the newest published day, as measured by the inline Lambda."""

import json
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from infra import newest_day
from infra.newest_day import handler, hours_since_newest_day

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
PREFIX = "curated/load_manifest"


@pytest.fixture
def s3():
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="curated")
        yield client


def publish(s3, *days, table="load_manifest", name="part-00000.snappy.parquet"):
    for day in days:
        key = f"curated/{table}/dt={day}/run=20261120T060512Z-a1b2c3/{name}"
        s3.put_object(Bucket="curated", Key=key)


def hours(s3):
    return hours_since_newest_day(s3, "curated", PREFIX, NOW)


def test_the_age_of_a_day_starts_at_midnight_utc(s3):
    publish(s3, "2026-11-20", "2026-11-19")
    assert hours(s3) == 32.5
    publish(s3, "2026-11-21")
    assert hours(s3) == 8.5


def test_only_a_manifest_publishes_a_day(s3):
    publish(s3, "2026-11-19")
    publish(s3, "2026-11-21", table="song_trends")
    publish(s3, "2026-11-21", name="_temporary")
    assert hours(s3) == 56.5


def test_an_empty_lake_is_as_old_as_the_oldest_visible_day(s3):
    thirty_days = 30 * 24 + 8.5
    assert hours(s3) == thirty_days
    publish(s3, "2017-01-01", "2026-09-30")
    assert hours(s3) == thirty_days


def test_a_history_of_thousands_of_runs_is_skipped(s3, monkeypatch):
    publish(s3, *(f"20{year}-{month:02}-01" for year in range(17, 26) for month in range(1, 13)))
    publish(s3, "2026-11-20")
    asked = []
    events = s3.meta.events
    events.register("before-call.s3.ListObjectsV2", lambda **_: asked.append(1))
    assert hours(s3) == 32.5
    assert len(asked) == 1


def test_the_metric_is_emitted_as_a_log_line(s3, monkeypatch, capsys):
    monkeypatch.setenv("CURATED_BUCKET", "curated")
    monkeypatch.setenv("MANIFESTS_PREFIX", PREFIX)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    answer = handler({}, None)
    line = json.loads(capsys.readouterr().out)
    [told] = line["_aws"]["CloudWatchMetrics"]
    assert told["Namespace"] == "Chartlake"
    assert told["Metrics"] == [{"Name": "NewestDayAgeHours"}]
    assert line["NewestDayAgeHours"] == answer["NewestDayAgeHours"] > 30 * 24
    assert [[line[name] for name in names] for names in told["Dimensions"]] == [["newest_day"]]


def test_the_file_is_small_enough_to_be_inlined_in_the_template():
    assert len(Path(newest_day.__file__).read_bytes()) < 4096
