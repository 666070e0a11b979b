"""Runs in Lambda, hourly: reports the age of the newest published day as a metric.

A day is published when its manifest is in curated/. The search starts LOOK_BACK days ago: keys sort
by day, so one page of names is enough however long the history is. If it finds no day, it reports
the age of the first day searched. This file is deployed unchanged and imports nothing of ours.
"""

import json
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

LOOK_BACK = 30
NAMESPACE = "Chartlake"
METRIC = "NewestDayAgeHours"


def handler(event: object, context: object) -> dict[str, Any]:
    """Write the metric to stdout, where CloudWatch reads it, and return it."""
    now = datetime.now(UTC)
    bucket, prefix = os.environ["CURATED_BUCKET"], os.environ["MANIFESTS_PREFIX"]
    age = hours_since_newest_day(boto3.client("s3"), bucket, prefix, now)
    metric = {
        "_aws": {
            "Timestamp": int(now.timestamp() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [["service"]],
                    "Metrics": [{"Name": METRIC}],
                }
            ],
        },
        "service": "newest_day",
        METRIC: age,
    }
    sys.stdout.write(json.dumps(metric) + "\n")
    return {METRIC: age}


def hours_since_newest_day(s3: Any, bucket: str, prefix: str, now: datetime) -> float:
    """Return the hours since the newest day with a manifest below the prefix began, in UTC."""
    first = (now - timedelta(days=LOOK_BACK)).date()
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=f"{prefix}/dt=", StartAfter=f"{prefix}/dt={first}"
    )
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    days = [
        match[1] for key in keys if (match := re.search(r"/dt=([0-9-]{10})/run=.*parquet$", key))
    ]
    newest = datetime.fromisoformat(max(days, default=str(first))).replace(tzinfo=UTC)
    return round((now - newest).total_seconds() / 3600, 2)
