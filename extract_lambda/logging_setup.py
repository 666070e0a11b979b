"""The Lambda's CloudWatch output, and what stays out of every log.

Structured logs, and metrics in the embedded format, are only the handler's: calling `extract`
directly produces neither.
"""

import logging
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

SERVICE = "extract_lambda"
NAMESPACE = "Chartlake"
TALKATIVE = ("spotipy", "botocore", "boto3", "urllib3", "requests")


def start_logs(context: Any) -> None:
    """Write this package's logs as JSON to stdout; a warm container already does."""
    # Powertools names a logger after its service: this is the parent of this package's loggers.
    logger = Logger(service=SERVICE)
    logger.append_keys(request_id=getattr(context, "aws_request_id", None))


def publish_metrics(manifest: dict[str, Any], seconds_left: float) -> None:
    """Write a run's metrics to stdout, where CloudWatch collects them."""
    lines = manifest["charts"]
    drifted = [
        count for line in lines for kind in line["drift"].values() for count in kind.values()
    ]
    counts = {
        "ChartsCaptured": sum(line["status"] == "captured" for line in lines),
        "ChartsFailed": sum(line["status"] == "failed" for line in lines),
        "Requests": manifest["requests"],
        "Throttles": manifest["throttles"],
        "Drift": len(drifted),
    }
    metrics = Metrics(namespace=NAMESPACE, service=SERVICE)
    for name, count in counts.items():
        metrics.add_metric(name, MetricUnit.Count, count)
    metrics.add_metric("SecondsLeft", MetricUnit.Seconds, seconds_left)
    metrics.add_metadata("run_id", manifest["run_id"])
    metrics.flush_metrics()


def keep_secrets_out_of_logs() -> None:
    """Silence libraries that log requests and responses at DEBUG, including secrets and tokens."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
