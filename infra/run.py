"""Builds the tables of some days on AWS, by hand: `chartlake aws run ENV --from 2026-11-20`.

It starts the state machine that manifests start, waits for it to finish and reports the result. A
backfill is the same with more machines and more time, as configured in the settings.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chartlake.contract.errors import UserError
from infra.settings import Settings, read_settings

SECONDS_BETWEEN = 15
STARTED_BY = "chartlake aws run"


class RunError(UserError):
    """The run could not be started, or did not succeed; the message says why."""


def build_input(settings: Settings, start: date, end: date, backfill: bool) -> dict[str, Any]:
    """Return the input of the state machine `build` for a range of days."""
    days = {"start_date": start.isoformat(), "end_date": end.isoformat(), "started_by": STARTED_BY}
    return days | (settings.backfill.model_dump() if backfill else {})


def start_build(states: Any, settings: Settings, event: dict[str, Any], now: datetime) -> str:
    """Start the machine; return the execution's ARN. Raises RunError if it is not deployed."""
    wanted = f"{settings.name}-build"
    pages = states.get_paginator("list_state_machines").paginate()
    machines = {m["name"]: m["stateMachineArn"] for page in pages for m in page["stateMachines"]}
    if wanted not in machines:
        region = states.meta.region_name
        raise RunError(
            f"There is no {wanted} in {region}. Deploy it with `chartlake aws deploy "
            f"{settings.environment}`, or set AWS_DEFAULT_REGION and AWS_PROFILE."
        )
    name = f"by-hand_{event['start_date']}_{event['end_date']}_{now:%Y%m%dT%H%M%SZ}"
    started = states.start_execution(
        stateMachineArn=machines[wanted], name=name, input=json.dumps(event)
    )
    arn: str = started["executionArn"]
    return arn


def wait(states: Any, execution: str, sleep: Callable[[float], None]) -> None:
    """Wait for an execution to finish; raises RunError if it did not succeed."""
    while (run := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        sleep(SECONDS_BETWEEN)
    if run["status"] != "SUCCEEDED":
        why = run.get("cause") or "see its history"
        raise RunError(
            f"The run ended as {run['status'].lower()}: {why}\n"
            "docs/runbook.md, section build-failed, says what to do."
        )


def build_days(environment: str, start: date, end: date, backfill: bool) -> None:
    """Start a build, wait and report; raises UserError if the run failed or cannot be started.

    Ctrl-C stops the waiting, not the run.
    """
    settings = read_settings(environment)
    event = build_input(settings, start, end, backfill)
    try:
        states = boto3.client("stepfunctions")
        execution = start_build(states, settings, event, datetime.now(UTC))
        sys.stdout.write(f"Building {start} to {end}: {execution}\n")
        wait(states, execution, time.sleep)
    except (BotoCoreError, ClientError) as error:
        why = str(error).rstrip(".")
        raise RunError(
            f"AWS cannot be reached: {why}. Check AWS_PROFILE and AWS_DEFAULT_REGION, and log in."
        ) from None
    except KeyboardInterrupt:
        raise RunError(
            "The run continues on AWS. Follow it in the Step Functions console."
        ) from None
    sys.stdout.write("Built.\n")
