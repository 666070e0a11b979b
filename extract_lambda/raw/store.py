"""Storage of raw files: a bucket in the cloud, a folder on a laptop.

Raw is immutable: a key is written once, completely or not at all, and never replaced. Writing the
same content again changes nothing, so an interrupted run can simply be repeated.
"""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Protocol

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chartlake.contract.errors import UserError
from chartlake.contract.printable import printable
from extract_lambda.logging_setup import keep_secrets_out_of_logs

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONFLICTS = 5
"""Attempts to write a key while another writer is writing it."""


class RawStoreError(UserError):
    """A raw file could not be written or read; the message names it and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class RawFileExistsError(RawStoreError):
    """The key already has different content, which is kept."""


class RawStore(Protocol):
    """Write-once storage of whole files by key."""

    def write(self, key: str, content: bytes) -> None:
        """Write a new file; raises RawFileExistsError if the key already has different content.

        Raises RawStoreError if the file cannot be written.
        """

    def read(self, key: str) -> bytes | None:
        """Read a file; None if it does not exist. Raises RawStoreError if it cannot be read."""


def open_store(root: str) -> RawStore:
    """Open `s3://bucket`, or the folder that `root` names: `~/lake`, `file:///lake`.

    Raises RawStoreError if this machine's AWS configuration cannot be used.
    """
    if not root.startswith("s3://"):
        return FolderStore(Path(root.removeprefix("file://")).expanduser())
    keep_secrets_out_of_logs()
    try:
        return S3Store(boto3.client("s3"), root.removeprefix("s3://").rstrip("/"))
    except BotoCoreError as error:
        raise RawStoreError(
            f"{root} cannot be opened: {error}. Configure AWS on this machine first."
        ) from error


class FolderStore:
    """Raw files in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, key: str, content: bytes) -> None:
        """Write beside the target and link: readers never see a partial or replaced file."""
        path = self.root / key
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Unbuffered: closing would write the buffer again and leave a file behind.
            with NamedTemporaryFile(dir=path.parent, prefix=".", buffering=0) as partial:
                left = memoryview(content)
                while left:
                    left = left[partial.write(left) :]
                os.link(partial.name, path)
        except OSError as error:
            if not path.is_file():
                raise RawStoreError(
                    f"{path} cannot be written: {error}. Check the disk and its permissions."
                ) from error
            _refuse_other(self, key, content, str(path), error)

    def read(self, key: str) -> bytes | None:
        """Read a file; None if it does not exist."""
        try:
            return (self.root / key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RawStoreError(f"{self.root / key} cannot be read: {error}.") from error


class S3Store:
    """Raw files in a bucket.

    The role needs s3:ListBucket as well as s3:GetObject and s3:PutObject. Without it, S3 gives the
    same answer for a missing file as for a forbidden one.
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self.client = client
        self.bucket = bucket

    def write(self, key: str, content: bytes) -> None:
        """Put the object unless the key exists; S3 decides, so two writers cannot both win."""
        url = f"s3://{self.bucket}/{key}"
        try:
            self._put(key, content)
        except ClientError as error:
            if _code(error) != "PreconditionFailed":
                raise RawStoreError(_refused(url, "written", error)) from error
            _refuse_other(self, key, content, url, error)
        except BotoCoreError as error:
            raise RawStoreError(_refused(url, "written", error)) from error

    def _put(self, key: str, content: bytes, tries: int = CONFLICTS) -> None:
        """Put the object; retry on 409, which S3 returns while another writer is not done."""
        try:
            self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=content,
                ContentType="text/csv" if key.endswith(".csv") else "application/json",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if _code(error) != "ConditionalRequestConflict" or tries == 1:
                raise
            self._put(key, content, tries - 1)

    def read(self, key: str) -> bytes | None:
        """Get an object; None if it does not exist."""
        url = f"s3://{self.bucket}/{key}"
        try:
            return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if _code(error) == "NoSuchKey":
                return None
            raise RawStoreError(_refused(url, "read", error)) from error
        except BotoCoreError as error:
            raise RawStoreError(_refused(url, "read", error)) from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _refuse_other(store: RawStore, key: str, content: bytes, where: str, error: Exception) -> None:
    """Refuse to replace a file with different content."""
    if store.read(key) != content:
        raise RawFileExistsError(
            f"{where} already exists, and raw files are never replaced. Run again for a new one."
        ) from error


def _refused(url: str, verb: str, error: Exception) -> str:
    return (
        f"{url} cannot be {verb}: {error}. Check that the bucket exists and that the function's "
        "role may list, get and put its objects."
    )
