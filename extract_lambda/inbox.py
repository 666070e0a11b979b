"""The import Lambda: a chart file uploaded to the bucket's `inbox/` -> raw in the same bucket.

The object in `inbox/` stays until the bucket's lifecycle expires it. The run is named after the
event, so the same event delivered again finds its manifest and writes nothing. Uploading the same
file again is a new event: raw is unchanged, and a new manifest lists the file for the transform.
This also completes an import that stopped between the two. A bad file fails the invocation, so
that the alarm fires.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

from chartlake.contract.counts import counted
from chartlake.contract.paths import run_id_at
from chartlake.contract.printable import printable
from extract_lambda.chart_files.importing import ignored_columns, import_file, write_manifest
from extract_lambda.chart_files.name import ChartFileError
from extract_lambda.logging_setup import start_logs
from extract_lambda.raw.store import open_store
from extract_lambda.settings import ImportSettings, read_import_settings

INBOX = "inbox/"
logger = logging.getLogger(__name__)


class InboxError(ValueError):
    """The event does not name a file in this bucket's inbox; the message says what it names."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


@dataclass(frozen=True)
class Arrival:
    """An uploaded object: its bucket, its key as stored in S3, and when it arrived (UTC)."""

    bucket: str
    key: str
    at: datetime

    @property
    def run_id(self) -> str:
        """Name the run after the arrival; the key separates two objects of the same second."""
        return run_id_at(self.at, sha256(self.key.encode()).hexdigest()[:6])


def handler(event: Any, context: object) -> list[dict[str, Any]]:
    """Import the files of an "Object Created" event; return one manifest line per file.

    Raises InboxError, SettingsError or ChartsFileError before anything is read, ChartFileError for
    a rejected file, and RawStoreError if the bucket cannot be read or written.
    """
    start_logs(context)
    return import_arrivals(event, read_import_settings(os.environ), lambda: datetime.now(UTC))


def import_arrivals(
    event: Any, settings: ImportSettings, now: Callable[[], datetime]
) -> list[dict[str, Any]]:
    """Do the same as `handler`, with the caller's settings and clock (UTC)."""
    arrivals = [arrival for arrival in read_arrivals(event) if not arrival.key.endswith("/")]
    for arrival in arrivals:
        _check(arrival, settings)
    lines = [_import(arrival, settings, now) for arrival in arrivals]
    if ignored := ignored_columns(lines):
        logger.info(ignored)
    return lines


def read_arrivals(event: Any) -> list[Arrival]:
    """Read an event from EventBridge, or a bucket notification, whose keys are URL-quoted.

    Raises InboxError for any other event.
    """
    try:
        if "Records" in event:
            return [
                _arrival(record["s3"], unquote_plus, record["eventTime"])
                for record in event["Records"]
            ]
        return [_arrival(event["detail"], str, event["time"])]
    except (KeyError, OverflowError, TypeError, ValueError):
        raise InboxError(
            "The event is not an S3 object event: it needs detail.bucket.name, "
            "detail.object.key and time, as EventBridge sends them."
        ) from None


def _arrival(detail: Any, decoded: Callable[[str], str], at: str) -> Arrival:
    instant = datetime.fromisoformat(at).astimezone(UTC)
    bucket, key = detail["bucket"]["name"], detail["object"]["key"]
    if not isinstance(bucket, str) or not isinstance(key, str):
        raise TypeError
    return Arrival(bucket, decoded(key), instant)


def _check(arrival: Arrival, settings: ImportSettings) -> None:
    if f"s3://{arrival.bucket}" != settings.raw_root:
        raise InboxError(
            f"{arrival.key} is in s3://{arrival.bucket}, but CHARTLAKE_RAW_ROOT is "
            f"{settings.raw_root}. Upload the file to that bucket's {INBOX}."
        )
    if not arrival.key.startswith(INBOX):
        raise InboxError(f"{arrival.key} is not in {INBOX}. Send events of {INBOX} only.")


def _import(
    arrival: Arrival, settings: ImportSettings, now: Callable[[], datetime]
) -> dict[str, Any]:
    store = open_store(settings.raw_root)
    started_at = now()

    def read() -> bytes:
        content = store.read(arrival.key)
        if content is None:
            raise ChartFileError(f"{arrival.key}: it no longer exists. Upload it again.")
        return content

    name = arrival.key.removeprefix(INBOX)
    line = import_file(name, read, settings.charts, store, again=True)
    if line["status"] == "failed":
        raise ChartFileError(line["error"])
    manifest = write_manifest([line], store, arrival.run_id, started_at, now())
    entries = counted(line["entries"], "entry", "entries")
    logger.info("%s: %s, listed in %s", name, entries, manifest)
    return line
