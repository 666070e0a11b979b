"""`chartlake aws run` builds days on AWS."""

import json
from datetime import UTC, date, datetime

import boto3
import pytest
from moto import mock_aws

from infra.run import RunError, build_input, start_build, wait
from tests.support.command import chartlake
from tests.support.infra_app import SETTINGS

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


@pytest.fixture
def states():
    with mock_aws():
        yield boto3.client("stepfunctions", region_name="eu-west-1")


def test_a_day_is_started_with_the_usual_size():
    assert build_input(SETTINGS, DAY, DAY, backfill=False) == {
        "start_date": "2026-11-20",
        "end_date": "2026-11-20",
        "started_by": "chartlake aws run",
    }


def test_a_backfill_has_the_size_of_the_settings():
    assert build_input(SETTINGS, date(2017, 1, 1), DAY, backfill=True) == {
        "start_date": "2017-01-01",
        "end_date": "2026-11-20",
        "started_by": "chartlake aws run",
        "worker_type": "G.2X",
        "workers": 4,
        "timeout_minutes": 720,
    }


def test_the_execution_name_says_what_it_runs(states):
    """The state machine of the environment is started under a name that says what it is."""
    role = "arn:aws:iam::123456789012:role/r"
    machine = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    for name in ("chartlake-prod-build", "chartlake-test-build"):
        states.create_state_machine(name=name, roleArn=role, definition=machine)
    event = build_input(SETTINGS, DAY, DAY, backfill=False)
    execution = start_build(states, SETTINGS, event, NOW)
    assert execution.endswith(
        ":chartlake-test-build:by-hand_2026-11-20_2026-11-20_20261121T090000Z"
    )
    assert json.loads(states.describe_execution(executionArn=execution)["input"]) == event


def test_without_a_deployment_a_run_is_rejected(states):
    with pytest.raises(RunError, match="There is no chartlake-test-build in eu-west-1"):
        start_build(states, SETTINGS, {}, NOW)


class Answers:
    """Responses of Step Functions, one after the other."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def describe_execution(self, executionArn):  # noqa: N803 (boto3's name)
        return self.answers.pop(0)


def test_a_run_waits_for_the_result():
    slept: list[float] = []
    running, done = {"status": "RUNNING"}, {"status": "SUCCEEDED"}
    wait(Answers(running, running, done), "arn", slept.append)
    assert slept == [15, 15]


def test_a_failure_is_reported_with_its_cause():
    failed = {"status": "FAILED", "cause": "1 raw file could not be used."}
    with pytest.raises(RunError, match="ended as failed: 1 raw file could not be used"):
        wait(Answers(failed), "arn", lambda _: None)


def test_a_range_must_be_in_order(capsys):
    assert chartlake("aws", "run", "dev", "--from", "2026-11-20", "--to", "2026-11-19") == 2
    assert "--to 2026-11-19 is before --from 2026-11-20." in capsys.readouterr().err
