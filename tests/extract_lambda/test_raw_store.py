from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from extract_lambda.raw.store import FolderStore, RawStore, RawStoreError, S3Store, open_store


@pytest.fixture(params=["folder", "s3"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RawStore]:
    if request.param == "folder":
        yield open_store(str(tmp_path))
        return
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="lake")
        yield open_store("s3://lake/")


def test_a_written_file_is_read_back(store: RawStore) -> None:
    store.write("raw/a/b.json", b'{"a": 1}')
    assert store.read("raw/a/b.json") == b'{"a": 1}'


def test_a_file_that_does_not_exist_reads_as_none(store: RawStore) -> None:
    assert store.read("raw/a/b.json") is None


def test_a_file_is_never_replaced(store: RawStore) -> None:
    store.write("raw/a.json", b"first")
    with pytest.raises(RawStoreError, match=r"raw/a\.json already exists, and raw files are never"):
        store.write("raw/a.json", b"second")
    assert store.read("raw/a.json") == b"first"


def test_a_folder_has_only_complete_files(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.write("raw/a.json", b"first")
    with pytest.raises(RawStoreError):
        store.write("raw/a.json", b"second")
    assert [path.name for path in (tmp_path / "raw").iterdir()] == ["a.json"]


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("a file where a folder should be")
    with pytest.raises(RawStoreError, match=r"raw/a\.json cannot be written: .*Check the disk"):
        FolderStore(tmp_path).write("raw/a.json", b"content")


@pytest.mark.parametrize(
    ("key", "content_type"), [("raw/a.json", "application/json"), ("raw/a.csv", "text/csv")]
)
def test_objects_have_a_content_type(
    monkeypatch: pytest.MonkeyPatch, key: str, content_type: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="lake")
        S3Store(client, "lake").write(key, b"{}")
        assert client.head_object(Bucket="lake", Key=key)["ContentType"] == content_type


def test_a_folder_may_be_a_file_url_or_relative_to_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    open_store("~/lake").write("raw/a.json", b"{}")
    assert open_store(f"file://{tmp_path}/lake").read("raw/a.json") == b"{}"


def test_an_unknown_aws_profile_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    with pytest.raises(RawStoreError, match=r"s3://lake cannot be opened: .*no-such-profile"):
        open_store("s3://lake")


@pytest.mark.parametrize("bucket", ["no-such-bucket", "lake/with/a/path"])
def test_an_unusable_bucket_is_named(monkeypatch: pytest.MonkeyPatch, bucket: str) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        store = open_store(f"s3://{bucket}")
        with pytest.raises(RawStoreError, match=f"s3://{bucket}/a.json cannot be written: "):
            store.write("a.json", b"{}")
        with pytest.raises(RawStoreError, match="Check that the bucket exists"):
            store.read("a.json")
