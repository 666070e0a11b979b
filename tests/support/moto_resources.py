"""Adds resource types to moto's CloudFormation that it silently ignores.

Each becomes one call through boto3, so that botocore checks its parameters and moto's own backend
holds the result. moto finds resource types by the subclasses of a class of its own. So it is
pinned: this module depends on its internals. A type that is in no list is an error.
"""

import json
from collections.abc import Callable
from typing import Any

import boto3
from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel

Properties = dict[str, Any]


def as_numbers(properties: Properties, *names: str) -> Properties:
    """CloudFormation takes numbers as text, boto3 does not."""
    return {k: int(v) if k in names else v for k, v in properties.items()}


def as_tags(properties: Properties, form: Callable[[Any], Any] = lambda tags: tags) -> Properties:
    tags = properties.pop("Tags", None)
    return properties | ({"Tags": form(tags)} if tags else {})


def as_map(tags: Any) -> dict[str, str]:
    return tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}


def lower(value: Any) -> Any:
    """Step Functions' API has names in lower case that CloudFormation has in upper case."""
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: lower(inner) for name, inner in value.items()}
    return [lower(inner) for inner in value] if isinstance(value, list) else value


def secret(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    of.pop("GenerateSecretString", None)
    arn = call("secretsmanager").create_secret(**of, SecretString="generated")["ARN"]
    return arn, {"Id": arn}


def secret_policy(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    call("secretsmanager").put_resource_policy(
        SecretId=of["SecretId"], ResourcePolicy=json.dumps(of["ResourcePolicy"])
    )
    return of["SecretId"], {}


def schedule(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    retry = of["Target"]["RetryPolicy"]
    of["Target"]["RetryPolicy"] = {name: int(value) for name, value in retry.items()}
    arn = call("scheduler").create_schedule(**of)["ScheduleArn"]
    return of["Name"], {"Arn": arn}


def glue_database(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    of.pop("DatabaseName")
    call("glue").create_database(**of)
    return of["DatabaseInput"]["Name"], {}


def glue_table(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    call("glue").create_table(**of)
    return of["TableInput"]["Name"], {}


def glue_job(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    of = as_tags(as_numbers(of, "Timeout", "MaxRetries", "NumberOfWorkers"), as_map)
    call("glue").create_job(**of)
    return of["Name"], {}


def workgroup(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    of.pop("RecursiveDeleteOption")
    of["Configuration"] = of.pop("WorkGroupConfiguration")
    call("athena").create_work_group(**of)
    return of["Name"], {}


def named_query(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    return call("athena").create_named_query(**of)["NamedQueryId"], {}


def alarm(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    call("cloudwatch").put_metric_alarm(**of | {"Threshold": float(of["Threshold"])})
    arn = f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{of['AlarmName']}"
    return of["AlarmName"], {"Arn": arn}


def subscription(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    return call("sns").subscribe(**of, ReturnSubscriptionArn=True)["SubscriptionArn"], {}


def topic_policy(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    for topic in of["Topics"]:
        call("sns").set_topic_attributes(
            TopicArn=topic,
            AttributeName="Policy",
            AttributeValue=json.dumps(of["PolicyDocument"]),
        )
    return name, {}


def queue_policy(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    for queue in of["Queues"]:
        policy = {"Policy": json.dumps(of["PolicyDocument"])}
        call("sqs").set_queue_attributes(QueueUrl=queue, Attributes=policy)
    return name, {}


def bucket_policy(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    # Not put: moto ignores conditions, and a denial of what is not TLS would deny everything.
    return of["Bucket"], {}


def budget(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    limit = of["Budget"]["BudgetLimit"]
    limit["Amount"] = str(limit["Amount"])
    of["NotificationsWithSubscribers"] = [
        {
            **told,
            "Notification": {
                **told["Notification"],
                "Threshold": float(told["Notification"]["Threshold"]),
            },
        }
        for told in of["NotificationsWithSubscribers"]
    ]
    call("budgets").create_budget(AccountId=call.account, **of)
    return of["Budget"]["BudgetName"], {}


def state_machine(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    text = of["DefinitionString"]
    for placeholder, value in of["DefinitionSubstitutions"].items():
        text = text.replace(f"${{{placeholder}}}", value)
    arn = call("stepfunctions").create_state_machine(
        name=of["StateMachineName"],
        roleArn=of["RoleArn"],
        definition=text,
        loggingConfiguration=lower(of["LoggingConfiguration"]),
        tracingConfiguration=lower(of["TracingConfiguration"]),
    )["stateMachineArn"]
    return arn, {"Arn": arn, "Name": of["StateMachineName"]}


def log_policy(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    call("logs").put_resource_policy(
        policyName=of["PolicyName"], policyDocument=of["PolicyDocument"]
    )
    return of["PolicyName"], {}


def invoke_config(call: Any, name: str, of: Properties) -> tuple[str, Properties]:
    of.pop("Qualifier")
    call("lambda").put_function_event_invoke_config(**of)
    return name, {}


KINDS = {
    "AWS::Athena::NamedQuery": named_query,
    "AWS::Athena::WorkGroup": workgroup,
    "AWS::Budgets::Budget": budget,
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::Glue::Database": glue_database,
    "AWS::Glue::Job": glue_job,
    "AWS::Glue::Table": glue_table,
    "AWS::Lambda::EventInvokeConfig": invoke_config,
    "AWS::Logs::ResourcePolicy": log_policy,
    "AWS::S3::BucketPolicy": bucket_policy,
    "AWS::SNS::Subscription": subscription,
    "AWS::SNS::TopicPolicy": topic_policy,
    "AWS::SQS::QueuePolicy": queue_policy,
    "AWS::Scheduler::Schedule": schedule,
    "AWS::SecretsManager::ResourcePolicy": secret_policy,
    "AWS::SecretsManager::Secret": secret,
    # moto's own puts it where the machines that run are not looked for.
    "AWS::StepFunctions::StateMachine": state_machine,
}


class Call:
    """Makes clients of one region."""

    def __init__(self, account: str, region: str) -> None:
        self.account, self.region = account, region

    def __call__(self, service: str) -> Any:
        return boto3.client(service, region_name=self.region)  # type: ignore[call-overload]


def resolved(document: Properties) -> Properties:
    """Return the properties with every reference to another resource resolved."""
    text = json.dumps(
        document.get("Properties", {}),
        default=lambda other: getattr(other, "physical_resource_id", str(other)),
    )
    read: Properties = json.loads(text)
    return read


def model(kind: str, make: Callable[[Any, str, Properties], tuple[str, Properties]]) -> type:
    """Create the class by which moto recognises a resource type."""

    class Resource(CloudFormationModel):
        def __init__(self, physical_id: str, attributes: Properties) -> None:
            self.physical_id, self.attributes = physical_id, attributes

        @property
        def physical_resource_id(self) -> str:
            return self.physical_id

        @staticmethod
        def cloudformation_name_type() -> str:
            return ""

        @staticmethod
        def cloudformation_type() -> str:
            return kind

        @classmethod
        def has_cfn_attr(cls, attr: str) -> bool:
            return True

        def get_cfn_attribute(self, attribute_name: str) -> Any:
            return self.attributes[attribute_name]

        @classmethod
        def create_from_cloudformation_json(  # type: ignore[override]
            cls, resource_name: str, document: Properties, account: str, region: str, **_: Any
        ) -> Any:
            return cls(*make(Call(account, region), resource_name, resolved(document)))

    Resource.__name__ = kind.replace("::", "_")
    return Resource


MODELS = [model(kind, make) for kind, make in KINDS.items()]
parsing.get_model_list.cache_clear()
parsing.get_model_map.cache_clear()
parsing.get_name_type_map.cache_clear()
