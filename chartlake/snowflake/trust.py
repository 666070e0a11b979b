"""What Snowflake and AWS must know about each other, and whether they do yet.

Snowflake reads the bucket and publishes to the topic as its own IAM users, whose names it creates
with the integrations. The roles in AWS trust them by name. So the AWS stack is deployed, then the
integrations, then the AWS stack again with these names.
"""

import json
from dataclasses import dataclass

from chartlake.contract.sql import Ask
from chartlake.snowflake.environments import Variables


@dataclass(frozen=True)
class Principals:
    """Snowflake's IAM users on AWS, and their external ids."""

    storage_user: str
    storage_external_id: str
    alarm_user: str
    alarm_external_id: str


def principals(ask: Ask, variables: Variables) -> Principals:
    """Return the IAM users behind both integrations."""
    storage = _properties(ask, f"{variables['prefix']}_S3")
    alarms = _properties(ask, f"{variables['prefix']}_ALARMS")
    return Principals(
        storage_user=storage["STORAGE_AWS_IAM_USER_ARN"],
        storage_external_id=storage["STORAGE_AWS_EXTERNAL_ID"],
        alarm_user=alarms["SF_AWS_IAM_USER_ARN"],
        alarm_external_id=alarms["SF_AWS_EXTERNAL_ID"],
    )


def refusal(ask: Ask, variables: Variables) -> str | None:
    """Have Snowflake try to list the bucket; return None, or why AWS denies it."""
    url = f"s3://{variables['bucket']}/curated/"
    (row,) = ask(
        f"SELECT SYSTEM$VALIDATE_STORAGE_INTEGRATION('{variables['prefix']}_S3', '{url}',"
        " 'chartlake-check', 'list') AS ANSWER"
    )
    answer = json.loads(row["answer"])
    if answer["status"] == "success":
        return None
    actions = answer.get("actions", {}).values()
    reasons = [action["message"] for action in actions if action.get("message")]
    return "; ".join(reasons) or str(answer.get("message", answer))


def queues(ask: Ask, variables: Variables) -> list[str]:
    """Return the SQS queues that the pipes listen to: one, because they read one bucket."""
    pipes = ask(f"SHOW PIPES IN SCHEMA {variables['database']}.LANDING")
    return sorted({pipe["notification_channel"] for pipe in pipes if pipe["notification_channel"]})


def _properties(ask: Ask, integration: str) -> dict[str, str]:
    rows = ask(f"DESC INTEGRATION {integration}")
    return {row["property"]: row["property_value"] for row in rows}
