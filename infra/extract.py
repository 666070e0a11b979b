"""The two Lambdas that write raw: the scheduled capture from Spotify, and the inbox import.

EventBridge Scheduler names each run by its timestamp, so a duplicate event is one run. Events that
a Lambda gives up on go to a queue; events that never reached it, to another.
"""

from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from chartlake.contract.paths import RAW_CHARTS_CSV, RAW_MANIFESTS, RAW_PLAYLISTS
from infra.access import allow, find, read, write
from infra.alerts import Alerts
from infra.functions import function
from infra.names import INBOX, bucket_name
from infra.settings import Settings

TIMEOUT = Duration.minutes(5)
CAPTURES = f"{RAW_PLAYLISTS}/*", f"{RAW_MANIFESTS}/*"
CHART_FILES = f"{RAW_CHARTS_CSV}/*", f"{RAW_MANIFESTS}/*"


class Extract(Construct):
    """`captures` fetches charts from Spotify; `imports` imports the files put into the inbox."""

    def __init__(
        self, scope: Construct, settings: Settings, alerts: Alerts, build_folder: Path
    ) -> None:
        super().__init__(scope, "Extract")
        self.settings, self.alerts = settings, alerts
        self.raw = bucket_name(settings, "raw")
        self.code = lambda_.Code.from_asset(str(build_folder / "extract_lambda.zip"))
        secret_name = f"{settings.name}/spotify"
        self.secret = secretsmanager.Secret(
            self,
            "Spotify",
            secret_name=secret_name,
            description="JSON: client_id, client_secret and, if needed, refresh_token",
        )
        self.captures = self._function(
            "extract",
            "extract_lambda.handler.handler",
            [
                read(self.raw, *CAPTURES),
                write(self.raw, *CAPTURES),
                allow(["secretsmanager:GetSecretValue"], [self.secret.secret_arn]),
            ],
            CHARTLAKE_SECRET_ID=secret_name,
        )
        self.imports = self._function(
            "import",
            "extract_lambda.inbox.handler",
            [read(self.raw, f"{INBOX}/*", *CHART_FILES), write(self.raw, *CHART_FILES)],
        )
        self._keep_the_secret()
        self._import_what_arrives()

    def _function(
        self, what: str, handler: str, statements: list[iam.PolicyStatement], **environment: str
    ) -> lambda_.Function:
        return function(
            self,
            self.settings,
            what,
            self.code,
            handler,
            [find(self.raw), *statements],
            {"CHARTLAKE_RAW_ROOT": f"s3://{self.raw}", **environment},
            self.alerts.failed,
            TIMEOUT,
        )

    def _keep_the_secret(self) -> None:
        """Let only the Lambda read the secret, whatever else others may do."""
        assert self.captures.role  # noqa: S101 (for the types: it was created with one)
        self.secret.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["secretsmanager:GetSecretValue"],
                resources=[self.secret.secret_arn],
                conditions={"ArnNotEquals": {"aws:PrincipalArn": self.captures.role.role_arn}},
            )
        )

    def _import_what_arrives(self) -> None:
        events.Rule(
            self,
            "FileInInbox",
            rule_name=f"{self.settings.name}-inbox",
            description="A chart file was uploaded to the inbox: import it",
            event_pattern=created_in(self.raw, f"{INBOX}/*"),
            targets=[
                targets.LambdaFunction(
                    self.imports,
                    dead_letter_queue=self.alerts.undelivered,
                    retry_attempts=20,
                    max_event_age=Duration.hours(2),
                )
            ],
        )


def created_in(bucket: str, key: str) -> events.EventPattern:
    """Match the event of a new object; S3's events about tags do not count."""
    return events.EventPattern(
        source=["aws.s3"],
        detail_type=["Object Created"],
        detail={"bucket": {"name": [bucket]}, "object": {"key": [{"wildcard": key}]}},
    )
