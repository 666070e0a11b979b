"""The state machine that builds days, run as deployed."""

import json

import pytest

from tests.support.aws_on_moto import deployed_on_moto, until

DAY = {"start_date": "2026-11-20", "end_date": "2026-11-20"}


@pytest.fixture(scope="module")
def deployment():
    with deployed_on_moto() as made:
        yield made


@pytest.fixture
def aws(deployment):
    deployment.glue_runs().clear()
    return deployment


def end_next_run(aws, state, message=None):
    """Wait for a run of the job that nobody has ended yet, and end it."""
    runs = until(aws.glue_runs, lambda runs: any(r._status == "STARTING" for r in runs))
    run = next(run for run in runs if run._status == "STARTING")
    aws.end_run(run, state, message)
    return run


def test_the_job_runs_for_the_days_with_the_usual_size(aws):
    execution = aws.start("build", {"start_date": "2026-11-01", "end_date": "2026-11-20"})
    run = end_next_run(aws, "SUCCEEDED")
    assert aws.ended(execution)["status"] == "SUCCEEDED"
    assert run.arguments["--start-date"] == "2026-11-01"
    assert run.arguments["--end-date"] == "2026-11-20"
    assert (run.worker_type, run.number_of_workers, run.timeout) == ("G.1X", 2, 60)
    assert len(aws.glue_runs()) == 1


def test_a_backfill_has_the_requested_size(aws):
    size = {"worker_type": "G.2X", "workers": 4, "timeout_minutes": 720}
    execution = aws.start("build", DAY | size)
    run = end_next_run(aws, "SUCCEEDED")
    assert aws.ended(execution)["status"] == "SUCCEEDED"
    assert (run.worker_type, run.number_of_workers, run.timeout) == ("G.2X", 4, 720)


def test_a_failed_run_is_reported_with_charts_days_error_and_advice(aws):
    mailbox = aws.listen()
    event = DAY | {
        "charts": ["top50_global", "us_daily"],
        "started_by": "raw/manifests/dt=2026-11-20/20261120T060000Z.json",
    }
    execution = aws.start("build", event)
    why = "SystemExit: 1 raw file could not be used and is in quarantine; see above."
    end_next_run(aws, "FAILED", why)
    told = aws.ended(execution)
    assert (told["status"], told["error"], told["cause"]) == ("FAILED", "BuildFailed", why)
    [message] = mailbox.messages()
    assert message["Subject"] == "chartlake-test: the tables of 2026-11-20 were not built"
    assert message["Message"] == (
        "The run that builds the tables of 2026-11-20 to 2026-11-20 failed. Published "
        "data is unchanged, except for charts that passed.\n"
        "\n"
        'Charts: ["top50_global","us_daily"]\n'
        "Error: States.TaskFailed\n"
        "SystemExit: 1 raw file could not be used and is in quarantine; see above.\n"
        "\n"
        "What to do: docs/runbook.md, section build-failed.\n"
        "Started by: raw/manifests/dt=2026-11-20/20261120T060000Z.json\n"
        f"Execution: {execution}"
    )


@pytest.mark.parametrize("state", ["TIMEOUT", "ERROR"])
def test_a_run_without_an_error_message_is_reported_with_glues_details(aws, state):
    mailbox = aws.listen()
    execution = aws.start("build", DAY)
    end_next_run(aws, state)
    assert aws.ended(execution)["status"] == "FAILED"
    [message] = mailbox.messages()
    assert f'"JobRunState": "{state}"' in message["Message"]
    assert 'Charts: ["every chart of these days"]' in message["Message"]
    assert "Started by: a person" in message["Message"]


def test_a_stopped_run_is_not_a_success(aws):
    mailbox = aws.listen()
    execution = aws.start("build", DAY)
    end_next_run(aws, "STOPPED")
    assert aws.ended(execution)["status"] == "FAILED"
    [message] = mailbox.messages()
    assert "Error: Stopped\nSomebody stopped the Glue job run." in message["Message"]


def test_an_error_without_a_cause_is_still_reported(aws):
    """The deployed machine, entered where the error of a run is looked at."""
    mailbox = aws.listen()
    states = aws.client("stepfunctions")
    deployed = states.describe_state_machine(stateMachineArn=aws.machine("build"))
    definition = json.loads(deployed["definition"])
    definition["StartAt"] = "DidTheJobSayWhy"
    machine = states.create_state_machine(
        name="cut", roleArn=deployed["roleArn"], definition=json.dumps(definition)
    )
    event = DAY | {"charts": ["a"], "started_by": "b", "error": {"Error": "States.Timeout"}}
    started = states.start_execution(
        stateMachineArn=machine["stateMachineArn"], name="cut", input=json.dumps(event)
    )
    assert aws.ended(started["executionArn"])["status"] == "FAILED"
    [message] = mailbox.messages()
    assert "Error: States.Timeout\nNo further details.\n" in message["Message"]


def test_a_second_run_waits_for_the_first_and_both_succeed(aws):
    mailbox = aws.listen()
    first = aws.start("build", DAY)
    until(aws.glue_runs, len)
    second = aws.start("build", DAY | {"end_date": "2026-11-21"})
    states = aws.client("stepfunctions")

    def refusals():
        history = states.get_execution_history(executionArn=second, maxResults=1000)["events"]
        details = [event.get("taskFailedEventDetails", {}) for event in history]
        return [d["error"] for d in details if d]

    until(refusals, lambda found: len(found) >= 2)
    assert set(refusals()) == {"Glue.ConcurrentRunsExceededException"}
    assert len(aws.glue_runs()) == 1
    end_next_run(aws, "SUCCEEDED")
    assert aws.ended(first)["status"] == "SUCCEEDED"
    assert end_next_run(aws, "SUCCEEDED").arguments["--end-date"] == "2026-11-21"
    assert aws.ended(second)["status"] == "SUCCEEDED"
    assert mailbox.messages() == []


def test_a_permanent_glue_error_is_reported_at_once(aws):
    mailbox = aws.listen()
    jobs = aws.glue_jobs()
    job = jobs.pop("chartlake-test-build_tables")
    execution = aws.start("build", DAY)
    assert aws.ended(execution)["status"] == "FAILED"
    jobs["chartlake-test-build_tables"] = job
    [message] = mailbox.messages()
    assert "Error: Glue.EntityNotFoundException" in message["Message"]
