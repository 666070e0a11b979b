"""The whole deployment on moto, in this process: what the templates say, created and driven.

It tests that every resource is accepted with its parameters, that the event of a manifest matches
the rule, and what the state machines do. It does not test permissions, the real S3 and Lambda,
schedules, which never fire here, or alarms, which are never evaluated.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
from moto import mock_aws
from moto.backends import get_backend
from moto.moto_api import state_manager

from tests.support import moto_patches, moto_resources
from tests.support.infra_app import ACCOUNT, REGION, template, usual

CONFIG: Any = {
    "stepfunctions": {"execute_state_machine": True},
    "lambda": {"use_docker": False},
}
PATIENCE_SECONDS = 30
RAW = f"chartlake-test-raw-{ACCOUNT}-{REGION}"
CURATED = f"chartlake-test-curated-{ACCOUNT}-{REGION}"


class Deployment:
    """What was created from an app: clients, and physical ids by logical id."""

    def __init__(self, app: Path) -> None:
        self.app = app
        self.made: dict[str, str] = {}

    def client(self, service: str) -> Any:
        return boto3.client(service, region_name=REGION)  # type: ignore[call-overload]

    def deploy(self) -> None:
        """Create both stacks; every resource must be created."""
        self._upload_assets()
        cloudformation = self.client("cloudformation")
        for stack in ("data", "pipeline"):
            text = hurried(json.dumps(template(self.app, stack)))
            name = f"chartlake-test-{stack}"
            cloudformation.create_stack(
                StackName=name, TemplateBody=text, Capabilities=["CAPABILITY_NAMED_IAM"]
            )
            found = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
            self.made |= {r["LogicalResourceId"]: r.get("PhysicalResourceId", "") for r in found}

    def _upload_assets(self) -> None:
        self.client("ssm").put_parameter(
            Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String"
        )
        s3 = self.client("s3")
        bucket = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        files = json.loads((self.app / "chartlake-test-pipeline.assets.json").read_text())["files"]
        for file in files.values():
            [target] = file["destinations"].values()
            s3.upload_file(self.app / file["source"]["path"], bucket, target["objectKey"])

    def machine(self, name: str) -> str:
        return f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:chartlake-test-{name}"

    def listen(self, topic: str = "AlertsTopic") -> "Mailbox":
        """Subscribe a mailbox to a topic, in place of the e-mail addresses."""
        return Mailbox(self, topic)

    def glue_jobs(self) -> dict[str, Any]:
        """moto's own jobs, by name."""
        jobs: dict[str, Any] = get_backend("glue")[ACCOUNT][REGION].jobs
        return jobs

    def glue_runs(self) -> list[Any]:
        """moto's own runs of build_tables, of which tests set the end."""
        runs: list[Any] = self.glue_jobs()["chartlake-test-build_tables"].job_runs
        return runs

    def end_run(self, run: Any, state: str, message: str | None = None) -> None:
        told = {"ErrorMessage": message} if message else {}
        as_moto_has_it = run.as_dict
        run.as_dict = lambda: as_moto_has_it() | told
        run._transitions, run._status = [], state

    def start(self, machine: str, event: Any) -> str:
        # moto takes all executions without a name for one.
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=self.machine(machine), name=uuid4().hex, input=json.dumps(event)
        )
        arn: str = started["executionArn"]
        return arn

    def ended(self, execution: str) -> dict[str, Any]:
        """Wait for the end of an execution."""
        states = self.client("stepfunctions")
        told: dict[str, Any] = until(
            lambda: states.describe_execution(executionArn=execution),
            lambda told: told["status"] != "RUNNING",
        )
        return told


def hurried(text: str) -> str:
    """Shorten the waits between retries in the machines' definitions to one second."""
    return re.sub(r'(\\"(?:IntervalSeconds|MaxDelaySeconds|BackoffRate)\\": )\d+', r"\g<1>1", text)


def until(ask: Any, is_enough: Any) -> Any:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_enough(answer := ask()):
        assert time.monotonic() < end, answer
        time.sleep(0.05)
    return answer


def one(made: dict[str, str], start: str) -> str:
    """The logical id that consists of this name and a hash."""
    [found] = [name for name in made if re.fullmatch(f"{start}[0-9A-F]{{8}}", name)]
    return found


class Mailbox:
    """Messages of a topic, as its subscribers receive them."""

    def __init__(self, deployed: Deployment, topic: str) -> None:
        self.sqs = deployed.client("sqs")
        name = f"mailbox-{topic}"
        self.url = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        deployed.client("sns").subscribe(
            TopicArn=deployed.made[one(deployed.made, topic)],
            Protocol="sqs",
            Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}",
        )

    def messages(self) -> list[dict[str, Any]]:
        """Return and remove the received messages."""
        found = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        taken = found.get("Messages", [])
        for message in taken:
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in taken]


@contextmanager
def deployed_on_moto(app: Callable[[], Path] = usual) -> Iterator[Deployment]:
    moto_patches.patch_moto()
    assert moto_resources.MODELS
    with mock_aws(config=CONFIG):
        state_manager.set_transition("glue::job_run", {"progression": "manual", "times": 10**6})
        deployment = Deployment(app())
        deployment.deploy()
        yield deployment
