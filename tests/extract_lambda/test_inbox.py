import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from extract_lambda.chart_files.name import ChartFileError
from extract_lambda.inbox import Arrival, InboxError, handler, read_arrivals
from extract_lambda.settings import SettingsError
from tests.support.chart_file_builders import CHARTS_FILE, DAILY_NAME, NEW, OLD, with_extra

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.faults

RAW_KEY = f"raw/charts_csv/dt=2026-10-01/{DAILY_NAME}"
RENAMED = "inbox/regional-us-daily-2026-10-01 (1).csv"


@pytest.fixture
def s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["S3Client"]:
    """An empty bucket, and the environment of the Lambda, without Spotify's credentials."""
    charts_file = tmp_path / "charts.toml"
    charts_file.write_text(CHARTS_FILE, encoding="utf-8")
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(charts_file))
    monkeypatch.setenv("CHARTLAKE_RAW_ROOT", "s3://lake")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="lake")
        yield client


def through_eventbridge(key: str, at: str = "2026-10-02T09:30:00Z") -> dict[str, Any]:
    return {
        "detail-type": "Object Created",
        "source": "aws.s3",
        "time": at,
        "detail": {"bucket": {"name": "lake"}, "object": {"key": key, "size": 5}},
    }


def from_the_bucket(key: str) -> dict[str, Any]:
    s3 = {"bucket": {"name": "lake"}, "object": {"key": key, "size": 5}}
    return {"Records": [{"eventTime": "2026-10-02T09:30:00.250Z", "s3": s3}]}


def put(s3: "S3Client", key: str, text: str = NEW) -> None:
    s3.put_object(Bucket="lake", Key=key, Body=text.encode())


def keys(s3: "S3Client", prefix: str) -> list[str]:
    listed = s3.list_objects_v2(Bucket="lake", Prefix=prefix).get("Contents", [])
    return [str(found.get("Key")) for found in listed]


def body(s3: "S3Client", key: str) -> bytes:
    return s3.get_object(Bucket="lake", Key=key)["Body"].read()


def test_a_file_in_the_inbox_goes_to_raw_and_stays_in_the_inbox(s3):
    put(s3, f"inbox/{DAILY_NAME}")
    (line,) = handler(through_eventbridge(f"inbox/{DAILY_NAME}"), None)
    assert (line["status"], line["key"], line["entries"]) == ("captured", RAW_KEY, 4)
    assert body(s3, RAW_KEY) == NEW.encode()
    assert keys(s3, "inbox/") == [f"inbox/{DAILY_NAME}"]
    (manifest_key,) = keys(s3, "raw/manifests/")
    assert manifest_key.startswith("raw/manifests/dt=2026-10-01/20261002T093000Z-")
    manifest = json.loads(body(s3, manifest_key))
    assert manifest["charts"] == [line]
    assert (manifest["snapshot_date"], manifest["end_date"]) == ("2026-10-01", "2026-10-01")


def test_ignored_columns_are_logged_once(s3, caplog):
    caplog.set_level(logging.INFO)
    put(s3, f"inbox/{DAILY_NAME}", with_extra(NEW, "year", *"1234"))
    (line,) = handler(through_eventbridge(f"inbox/{DAILY_NAME}"), None)
    assert line["extra_columns"] == ["year"]
    told = [record.getMessage() for record in caplog.records]
    assert [text for text in told if "columns" in text] == [
        "Extra columns are ignored: year in 1 file."
    ]


def test_the_root_may_end_with_a_slash(s3, monkeypatch):
    monkeypatch.setenv("CHARTLAKE_RAW_ROOT", "s3://lake/")
    put(s3, f"inbox/{DAILY_NAME}")
    handler(through_eventbridge(f"inbox/{DAILY_NAME}"), None)
    assert len(keys(s3, "raw/manifests/")) == 1


def test_plain_and_url_quoted_keys_are_both_understood():
    """EventBridge sends keys as they are; bucket notifications send them quoted."""
    at = datetime(2026, 10, 2, 9, 30, tzinfo=UTC)
    assert read_arrivals(through_eventbridge("inbox/a+b%20 (1).csv")) == [
        Arrival("lake", "inbox/a+b%20 (1).csv", at)
    ]
    assert read_arrivals(from_the_bucket("inbox/a%2Bb+%281%29.csv")) == [
        Arrival("lake", "inbox/a+b (1).csv", at.replace(microsecond=250_000))
    ]


@pytest.mark.parametrize(
    "event",
    [through_eventbridge(RENAMED), from_the_bucket(RENAMED.replace(" (1)", "+%281%29"))],
    ids=["eventbridge", "bucket"],
)
def test_a_name_changed_by_a_browser_is_made_official(s3, event):
    put(s3, RENAMED)
    (line,) = handler(event, None)
    assert line["key"] == RAW_KEY
    assert line["file"] == "regional-us-daily-2026-10-01 (1).csv"


def test_the_same_event_again_writes_nothing(s3):
    put(s3, f"inbox/{DAILY_NAME}")
    event = through_eventbridge(f"inbox/{DAILY_NAME}")
    first = handler(event, None)
    (manifest_key,) = keys(s3, "raw/manifests/")
    before = body(s3, manifest_key)
    assert handler(event, None) == first
    assert keys(s3, "raw/") == [RAW_KEY, manifest_key]
    assert body(s3, manifest_key) == before


@pytest.mark.fault(
    table="extraction",
    what="an import Lambda stops before its manifest",
    how="the file is already in raw",
    then="the next delivery writes the manifest",
)
def test_the_next_delivery_completes_an_import_without_a_manifest(s3):
    """If an import stopped before its manifest, the next delivery writes it."""
    put(s3, f"inbox/{DAILY_NAME}")
    put(s3, RAW_KEY)
    handler(through_eventbridge(f"inbox/{DAILY_NAME}"), None)
    assert len(keys(s3, "raw/manifests/")) == 1


def test_two_files_in_the_same_second_are_two_runs(s3):
    for name in (f"inbox/{DAILY_NAME}", RENAMED):
        put(s3, name)
        handler(through_eventbridge(name), None)
    assert len(keys(s3, "raw/manifests/")) == 2


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        (f"inbox/{DAILY_NAME}", "<html>", "it is a web page"),
        ("inbox/notes.csv", NEW, "a chart file is named"),
        (f"inbox/2026/{DAILY_NAME}", NEW, "a chart file is named"),
    ],
)
def test_a_bad_file_fails_the_invocation_and_nothing_is_written(s3, key, text, sentence):
    put(s3, key, text)
    with pytest.raises(ChartFileError, match=f"{key.removeprefix('inbox/')}: {sentence}"):
        handler(through_eventbridge(key), None)
    assert keys(s3, "raw/") == []


def test_other_bytes_for_the_same_day_fail_the_invocation(s3):
    put(s3, RAW_KEY)
    put(s3, f"inbox/{DAILY_NAME}", OLD)
    with pytest.raises(ChartFileError, match="has different content for the same chart and date"):
        handler(through_eventbridge(f"inbox/{DAILY_NAME}"), None)
    assert body(s3, RAW_KEY) == NEW.encode()
    assert keys(s3, "raw/manifests/") == []


def test_a_missing_object_is_reported(s3):
    with pytest.raises(ChartFileError, match=r"it no longer exists\. Upload it again\."):
        handler(through_eventbridge(f"inbox/{DAILY_NAME}"), None)


def test_the_folder_marker_of_the_console_is_not_a_file(s3):
    put(s3, "inbox/", "")
    assert handler(through_eventbridge("inbox/"), None) == []
    assert keys(s3, "raw/") == []


@pytest.mark.parametrize(
    "event",
    [
        {},
        None,
        [],
        {"detail": {}},
        {"Records": [{}]},
        "inbox/a.csv",
        through_eventbridge("inbox/a.csv", "0001-01-01T00:00:00+10:00"),
        through_eventbridge(5),  # type: ignore[arg-type]
        {
            "Records": [
                {
                    "eventTime": "2026-10-02T09:30:00Z",
                    "s3": {"bucket": {"name": "b"}, "object": {"key": 5}},
                }
            ]
        },
    ],
)
def test_an_unrelated_event_says_what_is_needed(s3, event):
    with pytest.raises(InboxError, match=r"needs detail\.bucket\.name, detail\.object\.key and"):
        handler(event, None)


def test_an_object_outside_the_inbox_is_rejected(s3, monkeypatch):
    with pytest.raises(InboxError, match=r"raw/a\.csv is not in inbox/\."):
        handler(through_eventbridge("raw/a.csv"), None)
    monkeypatch.setenv("CHARTLAKE_RAW_ROOT", "s3://another")
    with pytest.raises(InboxError, match="is in s3://lake, but CHARTLAKE_RAW_ROOT is s3://another"):
        handler(through_eventbridge(f"inbox/{DAILY_NAME}"), None)


def test_without_a_root_the_setting_is_named(s3, monkeypatch):
    monkeypatch.delenv("CHARTLAKE_RAW_ROOT")
    with pytest.raises(SettingsError, match="or CHARTLAKE_RAW_ROOT to"):
        handler(through_eventbridge(f"inbox/{DAILY_NAME}"), None)


@pytest.mark.parametrize(
    ("entries", "told"), [(0, ": 0 entries, "), (1, ": 1 entry, "), (2, ": 2 entries, ")]
)
def test_the_entry_count_of_an_imported_file_is_logged(
    s3, tmp_path, monkeypatch, caplog, entries, told
):
    charts_file = tmp_path / "any_size.toml"
    charts_file.write_text(CHARTS_FILE.replace("tolerance = 1", "tolerance = 4"), encoding="utf-8")
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(charts_file))
    put(s3, f"inbox/{DAILY_NAME}", "".join(NEW.splitlines(True)[: 1 + entries]))
    handler(through_eventbridge(f"inbox/{DAILY_NAME}"), None)
    assert f"{DAILY_NAME}{told}listed in raw/manifests/" in caplog.text
