"""Build the tables of some days on AWS, by hand: `make run ENV=dev DATE=2026-11-20`.

It starts the state machine that the manifests start, waits for its end and says how it was. Ctrl-C
leaves the run alone. A backfill is the same with more machines and more time, as the settings say.

    python -m infra.run dev 2017-01-01 2021-12-31 --backfill
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.settings import Settings, SettingsError, read_settings

SECONDS_BETWEEN = 15
STARTED_BY = "make run"


class RunError(Exception):
    """The run could not be started, or did not end well; the message says why."""


def build_input(settings: Settings, start: date, end: date, backfill: bool) -> dict[str, Any]:
    """Write the input of the state machine `build` for a range of days."""
    days = {"start_date": start.isoformat(), "end_date": end.isoformat(), "started_by": STARTED_BY}
    return days | (settings.backfill.model_dump() if backfill else {})


def start_build(states: Any, settings: Settings, event: dict[str, Any], now: datetime) -> str:
    """Start the machine; return the execution's ARN. Raises RunError where it is not deployed."""
    wanted = f"{settings.name}-build"
    pages = states.get_paginator("list_state_machines").paginate()
    machines = {m["name"]: m["stateMachineArn"] for page in pages for m in page["stateMachines"]}
    if wanted not in machines:
        region = states.meta.region_name
        raise RunError(
            f"There is no {wanted} in {region}. Deploy it with make deploy "
            f"ENV={settings.environment}, or set AWS_DEFAULT_REGION and AWS_PROFILE."
        )
    name = f"by-hand_{event['start_date']}_{event['end_date']}_{now:%Y%m%dT%H%M%SZ}"
    started = states.start_execution(
        stateMachineArn=machines[wanted], name=name, input=json.dumps(event)
    )
    arn: str = started["executionArn"]
    return arn


def wait(states: Any, execution: str, sleep: Callable[[float], None]) -> None:
    """Wait for the end of an execution; raises RunError where it is not a good one."""
    while (told := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        sleep(SECONDS_BETWEEN)
    if told["status"] != "SUCCEEDED":
        why = told.get("cause") or "its history says why"
        raise RunError(
            f"The run ended as {told['status'].lower()}: {why}\n"
            "docs/runbook.md, section build-failed, says what to do."
        )


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments; a mistake ends the process with one sentence and code 2."""
    parser = argparse.ArgumentParser(prog="make run", allow_abbrev=False)
    parser.add_argument("environment")
    parser.add_argument("start", type=date.fromisoformat, help="the first day: YYYY-MM-DD")
    parser.add_argument("end", type=date.fromisoformat, nargs="?", help="the last day")
    parser.add_argument("--backfill", action="store_true", help="with the backfill's size")
    options = parser.parse_args(arguments)
    options.end = options.end or options.start
    if options.end < options.start:
        parser.error(f"the last day {options.end} is before the first, {options.start}")
    return options


def main(arguments: Sequence[str]) -> None:
    """Start, wait and tell; code 1 with a sentence where the run failed."""
    options = parse_arguments(arguments)
    try:
        settings = read_settings(options.environment)
        states = boto3.client("stepfunctions")
        event = build_input(settings, options.start, options.end, options.backfill)
        execution = start_build(states, settings, event, datetime.now(UTC))
        sys.stdout.write(f"Building {options.start} to {options.end}: {execution}\n")
        wait(states, execution, time.sleep)
        sys.stdout.write("Built.\n")
    except (SettingsError, RunError) as error:
        sys.exit(str(error))
    except (BotoCoreError, ClientError) as error:
        why = str(error).rstrip(".")
        sys.exit(
            f"AWS cannot be asked: {why}. Check AWS_PROFILE and AWS_DEFAULT_REGION, and log in."
        )
    except KeyboardInterrupt:
        sys.exit("The run goes on without you. Step Functions' console shows it.")


if __name__ == "__main__":
    main(sys.argv[1:])
