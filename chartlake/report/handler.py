"""Runs in Lambda after each run of build_tables: MARTS in Athena -> a page in S3, and a digest.

The page is written each time. The digest goes to the topic only if the run made news. So a repeated
event writes the same page, and an event without days writes only the page.

    {"start_date": "2026-11-20", "end_date": "2026-11-20", "started_at": "2026-11-20T06:01:30Z"}
"""

import os
from collections.abc import Mapping
from datetime import date, datetime

import boto3

from chartlake.contract.paths import REPORT_PAGE
from chartlake.contract.sql import Ask
from chartlake.report.digest import Digest, build_digest
from chartlake.report.digest_scope import Run
from chartlake.report.page import build_page
from chartlake.report.sources import athena_account


def handler(event: Mapping[str, str], context: object) -> dict[str, str | None]:
    """Publish both; return the page's address and the digest's subject. Raises SourceError."""
    environment, run = os.environ["CHARTLAKE_ENVIRONMENT"], _run_of(event)
    with athena_account(environment) as ask:
        page = _publish(ask)
        digest = build_digest(ask, run) if run else None
    return {"page": page, "digest": _send(digest, environment, page) if digest else None}


def _publish(ask: Ask) -> str:
    """Write the page; return its address."""
    bucket = os.environ["CHARTLAKE_CURATED_BUCKET"]
    boto3.client("s3").put_object(
        Bucket=bucket,
        Key=REPORT_PAGE,
        Body=build_page(ask).encode(),
        ContentType="text/html; charset=utf-8",
        CacheControl="no-cache",
    )
    return f"s3://{bucket}/{REPORT_PAGE}"


def _run_of(event: Mapping[str, str]) -> Run | None:
    if "start_date" not in event:
        return None
    first, last = (date.fromisoformat(event[name]) for name in ("start_date", "end_date"))
    started_at = datetime.fromisoformat(event["started_at"])
    return Run(first, last, started_at, int(os.environ["CHARTLAKE_DAYS_BACK"]))


def _send(digest: Digest, environment: str, page: str) -> str:
    """Publish the digest under the deployment's name; return its subject."""
    subject = f"chartlake-{environment}: {digest.subject}"
    boto3.client("sns").publish(
        TopicArn=os.environ["CHARTLAKE_DIGEST_TOPIC"],
        Subject=subject,
        Message=f"{digest.text}The report: {page}\n",
    )
    return subject
