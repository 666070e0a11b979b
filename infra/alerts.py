"""Notifications: one encrypted topic, and the dead-letter queues.

The topic's key is ours: with AWS's own key for SNS, CloudWatch could not publish. A publisher needs
the key as well as the topic, or the message is rejected silently.
"""

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.access import allow
from infra.settings import Settings

SERVICES = ("cloudwatch.amazonaws.com", "budgets.amazonaws.com")
KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


class Alerts(Construct):
    """The topic, its key and its subscriber; and the dead-letter queues.

    `undelivered` gets events that did not reach their target, `failed` those whose Lambda failed
    for good.
    """

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "Alerts")
        self.key = kms.Key(
            self,
            "Key",
            description=f"Encrypts the notifications of {settings.name}",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.topic = sns.Topic(
            self,
            "Topic",
            topic_name=f"{settings.name}-alarms",
            display_name=f"Chartlake {settings.environment}",
            master_key=self.key,
            enforce_ssl=True,
        )
        self.topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
        for service in SERVICES:
            self._let_publish(service)
        self.undelivered = self._queue(f"{settings.name}-undelivered")
        self.failed = self._queue(f"{settings.name}-failed")

    def statements_to_publish(self) -> list[iam.PolicyStatement]:
        """Allow publishing notifications: the topic, and its key."""
        return [
            allow(["sns:Publish"], [self.topic.topic_arn]),
            allow(KEY_ACTIONS, [self.key.key_arn]),
        ]

    def _let_publish(self, service: str) -> None:
        """Let an AWS service publish notifications on behalf of this account."""
        mine = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        who = iam.ServicePrincipal(service, conditions=mine)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[who], actions=["sns:Publish"], resources=[self.topic.topic_arn]
            )
        )
        self.key.add_to_resource_policy(
            iam.PolicyStatement(principals=[who], actions=list(KEY_ACTIONS), resources=["*"])
        )

    def _queue(self, name: str) -> sqs.Queue:
        return sqs.Queue(
            self,
            name.rpartition("-")[2].title(),
            queue_name=name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
