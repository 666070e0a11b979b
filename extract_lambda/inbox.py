"""The import's Lambda: a chart file put into the bucket's `inbox/` -> the same bucket's raw.

The object in `inbox/` stays; the bucket's lifecycle expires it. The run is named by the event, so
that the same event delivered again finds its manifest and writes nothing. The same file put in once
more is a new event: raw stays as it is and the transform is told of the file again, which also ends
an import that stopped between the two. A bad file fails the invocation, for the alarm to be heard.
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
from extract_lambda.chart_files.settings import ImportSettings, read_import_settings
from extract_lambda.logging_setup import start_logs
from extract_lambda.raw.store import open_store

INBOX = "inbox/"
logger = logging.getLogger(__name__)


class InboxError(ValueError):
    """The event tells of no file in this bucket's inbox; the message says what it tells of."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


@dataclass(frozen=True)
class Arrival:
    """An object that arrived: its bucket, its key as S3 knows it, and when (UTC)."""

    bucket: str
    key: str
    at: datetime

    @property
    def run_id(self) -> str:
        """Name the run by the arrival; the key keeps two objects of one second apart."""
        return run_id_at(self.at, sha256(self.key.encode()).hexdigest()[:6])


def handler(event: Any, context: object) -> list[dict[str, Any]]:
    """Import what an "Object Created" event tells of; return a line of the manifest per file.

    Raises InboxError, SettingsError or ChartsFileError before anything is read, ChartFileError for
    a file that is refused, and RawStoreError when the bucket can be neither read nor written.
    """
    start_logs(context)
    return import_arrivals(event, read_import_settings(os.environ), lambda: datetime.now(UTC))


def import_arrivals(
    event: Any, settings: ImportSettings, now: Callable[[], datetime]
) -> list[dict[str, Any]]:
    """Do what `handler` says, with settings and a clock of the caller's (UTC)."""
    arrivals = [arrival for arrival in read_arrivals(event) if not arrival.key.endswith("/")]
    for arrival in arrivals:
        _check(arrival, settings)
    lines = [_import(arrival, settings, now) for arrival in arrivals]
    if ignored := ignored_columns(lines):
        logger.info(ignored)
    return lines


def read_arrivals(event: Any) -> list[Arrival]:
    """Read the event of EventBridge, or of the bucket's own notification, which quotes its keys.

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
            "The event is no S3 event of an object: it needs detail.bucket.name, "
            "detail.object.key and time, as EventBridge sends them."
        ) from None


def _arrival(told: Any, decoded: Callable[[str], str], at: str) -> Arrival:
    instant = datetime.fromisoformat(at).astimezone(UTC)
    bucket, key = told["bucket"]["name"], told["object"]["key"]
    if not isinstance(bucket, str) or not isinstance(key, str):
        raise TypeError
    return Arrival(bucket, decoded(key), instant)


def _check(arrival: Arrival, settings: ImportSettings) -> None:
    if f"s3://{arrival.bucket}" != settings.raw_root:
        raise InboxError(
            f"{arrival.key} is in s3://{arrival.bucket}, and CHARTLAKE_RAW_ROOT is "
            f"{settings.raw_root}. Put the file into that bucket's {INBOX}."
        )
    if not arrival.key.startswith(INBOX):
        raise InboxError(f"{arrival.key} is not in {INBOX}. Send events of {INBOX} alone.")


def _import(
    arrival: Arrival, settings: ImportSettings, now: Callable[[], datetime]
) -> dict[str, Any]:
    store = open_store(settings.raw_root)
    started_at = now()

    def read() -> bytes:
        content = store.read(arrival.key)
        if content is None:
            raise ChartFileError(f"{arrival.key}: it is no longer there. Put it in again.")
        return content

    name = arrival.key.removeprefix(INBOX)
    line = import_file(name, read, settings.charts, store, again=True)
    if line["status"] == "failed":
        raise ChartFileError(line["error"])
    manifest = write_manifest([line], store, arrival.run_id, started_at, now())
    entries = counted(line["entries"], "entry", "entries")
    logger.info("%s: %s, told in %s", name, entries, manifest)
    return line
