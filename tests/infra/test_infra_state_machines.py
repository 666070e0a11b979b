"""The state machines: where each state leads, what is filled in, what is waited for."""

import json
import re

import pytest

from tests.support.infra_app import machines, usual, with_everything

BOTH = pytest.mark.parametrize("out", [usual, with_everything], ids=["usual", "with everything"])


@BOTH
def test_every_state_is_reachable_and_every_next_state_exists(out):
    for machine in machines(out()).values():
        definition = json.loads(machine["DefinitionString"])
        # Without an end of its own an execution lasts a year.
        assert 0 < definition["TimeoutSeconds"] <= 2 * 86_400
        states = definition["States"]
        reached, waiting = set(), [definition["StartAt"]]
        while waiting:
            name = waiting.pop()
            assert name in states, name
            if name not in reached:
                reached.add(name)
                waiting += next_of(states[name])
        assert reached == states.keys()
        ends = {name for name, state in states.items() if state["Type"] in ("Succeed", "Fail")}
        assert {name for name, state in states.items() if not next_of(state)} == ends


def next_of(state):
    choices = [*state.get("Choices", []), *state.get("Catch", [])]
    own = [state[name] for name in ("Next", "Default") if name in state]
    return own + [choice["Next"] for choice in choices]


@BOTH
def test_a_machine_gets_exactly_the_values_of_its_placeholders(out):
    """A machine gets every value that its definition leaves open, and no other."""
    for machine in machines(out()).values():
        left_open = set(re.findall(r"\$\{(\w+)\}", machine["DefinitionString"]))
        given = machine["DefinitionSubstitutions"].keys()
        assert left_open <= given
        assert given - left_open <= {"Name", "Topic"}


def test_a_run_waits_only_for_another_run_and_for_glue():
    task = json.loads(machines(usual())["build"]["DefinitionString"])["States"]["BuildTables"]
    assert [retry["ErrorEquals"] for retry in task["Retry"]] == [
        ["Glue.ConcurrentRunsExceededException", "Glue.ResourceNumberLimitExceededException"],
        [
            "Glue.ThrottlingException",
            "Glue.AWSGlueException",
            "Glue.OperationTimeoutException",
            "Glue.InternalServiceException",
            "Glue.SdkClientException",
        ],
    ]
    waits = task["Retry"][0]
    total = delay = waits["IntervalSeconds"]
    for _ in range(waits["MaxAttempts"] - 1):
        delay = min(delay * waits["BackoffRate"], waits["MaxDelaySeconds"])
        total += delay
    assert 10 < total / 3600 < 12
