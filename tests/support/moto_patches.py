"""Patches functions of moto that behave differently from AWS.

This depends on moto's internals, as moto_resources does.
"""

import time
from typing import Any

from moto.kms.models import Key
from moto.s3.models import FakeBucket
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk as sdk_task,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_glue as glue_task,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_sfn as machine_task,
)

from tests.support.moto_resources import Call, Properties, lower, resolved

moto_makes_a_bucket = FakeBucket.create_from_cloudformation_json.__func__  # type: ignore[attr-defined]


def make_bucket(cls: Any, name: str, document: Properties, *where: str, **more: Any) -> Any:
    """Create a bucket as moto does, and enable what it ignores in the template."""
    made = moto_makes_a_bucket(cls, name, document, *where, **more)
    of, s3 = resolved(document), Call(*where)("s3")
    if "VersioningConfiguration" in of:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=of["VersioningConfiguration"])
    if told := of.get("NotificationConfiguration"):
        bridge: Properties = (
            {"EventBridgeConfiguration": {}} if "EventBridgeConfiguration" in told else {}
        )
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration=bridge, SkipDestinationValidation=True
        )
    return made


moto_makes_a_key = Key.create_from_cloudformation_json.__func__  # type: ignore[attr-defined]


def make_key(cls: Any, name: str, document: Properties, *where: str, **more: Any) -> Any:
    """Create a key as moto does, with CloudFormation's tags converted to KMS's format."""
    of = document["Properties"]
    tags = [{"TagKey": t["Key"], "TagValue": t["Value"]} for t in of["Tags"]]
    return moto_makes_a_key(
        cls, name, {**document, "Properties": {**of, "Tags": tags}}, *where, **more
    )


def wait_for_glue(
    self: Any,
    env: Any,
    resource_runtime_part: Any,
    normalised_parameters: Any,
    state_credentials: Any,
) -> None:
    """Wait for a run of a job to end; moto's own implementation fails."""
    has_ended = self._build_sync_resolver(
        env=env,
        resource_runtime_part=resource_runtime_part,
        normalised_parameters=normalised_parameters,
        state_credentials=state_credentials,
    )
    ended = None
    while env.is_running() and ended is None:
        ended = has_ended()
        time.sleep(0.05)
    env.stack.append(ended)


moto_calls = sdk_task.StateTaskServiceAwsSdk._eval_service_task
moto_starts = machine_task.StateTaskServiceSfn._eval_service_task


def call_aws(self: Any, env: Any, *what: Any, **more: Any) -> None:
    """Call as moto does, and return the contents of an object as text, as Step Functions does."""
    moto_calls(self, env, *what, **more)
    if "Body" in (answer := env.stack[-1]):
        answer["Body"] = answer["Body"].read().decode()


def start_machine(self: Any, env: Any, normalised_parameters: Any, **more: Any) -> None:
    """Start a machine as moto does, but with the API's lower-case names."""
    moto_starts(self, env=env, normalised_parameters=lower(normalised_parameters), **more)
    env.stack.append({k[0].upper() + k[1:]: v for k, v in env.stack.pop().items()})


def patch_moto() -> None:
    """Replace moto's functions with ours."""
    FakeBucket.create_from_cloudformation_json = classmethod(make_bucket)  # type: ignore[arg-type, assignment]
    Key.create_from_cloudformation_json = classmethod(make_key)  # type: ignore[arg-type, assignment]
    glue_task.StateTaskServiceGlue._eval_integration_pattern = wait_for_glue  # type: ignore[method-assign]
    machine_task.StateTaskServiceSfn._eval_service_task = start_machine  # type: ignore[assignment, method-assign]
    sdk_task.StateTaskServiceAwsSdk._eval_service_task = call_aws  # type: ignore[method-assign]
