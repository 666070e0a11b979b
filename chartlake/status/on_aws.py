"""The status of each chart in a deployment: `chartlake status --env dev`.

It reads raw manifests in S3, queries Athena for what is published and Snowflake for what is loaded,
and changes nothing. boto3 and Snowflake's connector find their credentials.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from chartlake.athena.account import AccountError as AthenaError
from chartlake.athena.account import open_athena
from chartlake.contract.chart_config import read_charts
from chartlake.contract.paths import RAW_MANIFESTS
from chartlake.snowflake.account import AccountError as SnowflakeError
from chartlake.snowflake.account import session
from chartlake.snowflake.environments import EnvironmentFileError, read_environment
from chartlake.status.advice import OnAws
from chartlake.status.command import days_to, tell
from chartlake.status.expectation import Schedule
from chartlake.status.facts import Raw, Run, Warehouse
from chartlake.status.judge import Question
from chartlake.status.loaded import read_warehouse
from chartlake.status.published import read_runs
from chartlake.status.raw_manifests import read_manifests
from chartlake.status.sources import SilentError, gather
from infra.settings import Settings, read_settings

HOURS = {"hourly": 0, "none": None}
LOG_IN = "Check AWS_PROFILE and AWS_DEFAULT_REGION, and log in."
Days = tuple[date, ...]


def show_status(environment: str, days: int, chart: str | None, now: datetime) -> int:
    """Show the status of the charts; return 0 if nothing is red, else 1. `now` is in UTC.

    Raises UserError if the settings cannot be read or nothing could be asked.
    """
    settings = read_settings(environment)
    charts = read_charts(Path(os.environ.get("CHARTLAKE_CHARTS_FILE", "charts.toml")))
    names = {one.chart_id for one in charts}
    question = Question(days_to(now.date(), days), charts, schedule_of(settings, names), chart)
    found = gather(
        lambda: _raw(settings, question.days, names),
        lambda: _runs(settings, question.days),
        lambda: _warehouse(settings, question.days),
    )
    place = OnAws(settings.environment, f"s3://{settings.name}-raw-<account>-<region>")
    return tell(question, found, place, now, Console(highlight=False, markup=False))


def schedule_of(settings: Settings, charts: set[str]) -> Schedule:
    """Return when an environment captures charts; no charts in its settings means all."""
    hour = HOURS.get(settings.schedule, settings.hour)
    return Schedule(hour, frozenset(settings.charts or charts))


def raw_bucket(settings: Settings) -> str:
    """Return the raw bucket of the account and region that this machine is logged in to."""
    here = boto3.Session()
    account = here.client("sts").get_caller_identity()["Account"]
    return f"{settings.name}-raw-{account}-{here.region_name}"


def _raw(settings: Settings, days: Days, names: set[str]) -> Raw:
    with _or_silent("S3 cannot be queried for captures", LOG_IN):
        bucket, s3 = raw_bucket(settings), boto3.client("s3")
        pages = s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=f"{RAW_MANIFESTS}/"
        )
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
        return read_manifests(
            keys, lambda key: s3.get_object(Bucket=bucket, Key=key)["Body"].read(), days, names
        )


def _runs(settings: Settings, days: Days) -> tuple[Run, ...]:
    with (
        _or_silent("Athena cannot be queried for published runs"),
        open_athena(settings.environment) as athena,
    ):
        return read_runs(athena.query, days[0], days[-1])


def _warehouse(settings: Settings, days: Days) -> Warehouse:
    with _or_silent("Snowflake cannot be queried for loaded runs"):
        variables = read_environment(settings.environment)
        with session(variables, f"{variables['prefix']}_OPERATOR") as account:
            return read_warehouse(account.query, variables["database"], days[0], days[-1])


@contextmanager
def _or_silent(what: str, advice: str = "") -> Iterator[None]:
    try:
        yield
    except (
        BotoCoreError,
        ClientError,
        AthenaError,
        SnowflakeError,
        EnvironmentFileError,
    ) as error:
        why = str(error).rstrip(".")
        raise SilentError(f"{what}: {why}. {advice}".rstrip()) from error
