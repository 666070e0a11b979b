"""What our Lambdas share: runtime, machine, log retention, a queue for failures."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.access import allow, role, service
from infra.settings import Settings

RETENTION = {
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    731: logs.RetentionDays.TWO_YEARS,
}


def log_group(scope: Construct, settings: Settings, name: str, group: str) -> logs.LogGroup:
    """Create a log group that expires its logs, and is deleted with its stack."""
    return logs.LogGroup(
        scope,
        name,
        log_group_name=group,
        retention=RETENTION[settings.retention_days.logs],
        removal_policy=RemovalPolicy.DESTROY,
    )


def function(
    scope: Construct,
    settings: Settings,
    what: str,
    code: lambda_.Code,
    handler: str,
    statements: Sequence[iam.PolicyStatement],
    environment: Mapping[str, str],
    failed: sqs.IQueue,
    timeout: Duration,
    memory_mb: int = 512,
) -> lambda_.Function:
    """Create a Lambda with its own role; events that it fails three times go to `failed`.

    It has no reserved concurrency: a new account has too little to reserve any.
    """
    name, called = f"{settings.name}-{what}", what.title().replace("-", "")
    group = log_group(scope, settings, f"{called}Logs", f"/aws/lambda/{name}")
    usual = [
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], [group.log_group_arn]),
        allow(["sqs:SendMessage"], [failed.queue_arn]),
    ]
    return lambda_.Function(
        scope,
        called,
        function_name=name,
        runtime=lambda_.Runtime.PYTHON_3_13,
        architecture=lambda_.Architecture.ARM_64,
        code=code,
        handler=handler,
        # CPU scales with memory, and imports take most of a cold start.
        memory_size=memory_mb,
        timeout=timeout,
        role=role(scope, f"{called}Role", service("lambda"), [*statements, *usual]),
        log_group=group,
        environment=dict(environment),
        retry_attempts=2,
        max_event_age=Duration.hours(1),
        on_failure=destinations.SqsDestination(failed),
    )
