"""The app, synthesized once per process for each kind of settings; no account, no npm."""

import atexit
import json
import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from infra.app import make_app
from infra.exceptions import acknowledge
from infra.settings import Glue, RetentionDays, Settings, Size, Snowflake
from tools.build_zips import ROOT, glue_jobs_zip
from tools.zip_bytes import files_below, zip_bytes

ACCOUNT, REGION = "123456789012", "eu-west-1"
SETTINGS = Settings(
    environment="test",
    alarm_email="ops@example.org",
    schedule="daily",
    hour=6,
    monthly_budget_usd=20,
    athena_scan_limit_gb=10,
    retention_days=RetentionDays(logs=90, access_logs=90, inbox=30, athena_results=7, recovery=30),
    glue=Glue(
        version="6.0", worker_type="G.1X", workers=2, timeout_minutes=60, slow_after_minutes=20
    ),
    backfill=Size(worker_type="G.2X", workers=4, timeout_minutes=720),
)
EVERYTHING = {
    "prune": "delete",
    "schedule": "hourly",
    "charts": ["top50_global"],
    "report": True,
    "digest_emails": ["analyst@example.org", "another@example.org"],
    "snowflake": Snowflake(
        storage_user_arn="arn:aws:iam::999988887777:user/storage",
        storage_external_id="STORAGE_ID",
        alarm_user_arn="arn:aws:iam::999988887777:user/alarms",
        alarm_external_id="ALARMS_ID",
        pipe_queue_arn="arn:aws:sqs:eu-west-1:999988887777:sf-snowpipe",
    ),
}
"""Every option on; both kinds of settings must pass every check."""


def new_folder() -> Path:
    """Make a folder that lasts as long as the process."""
    folder = mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@cache
def zips() -> Path:
    """Every zip, the Lambdas' without their packages: no test runs them from there."""
    folder = new_folder()
    sources = files_below(ROOT / "extract_lambda") | {"charts.toml": b""}
    (folder / "extract_lambda.zip").write_bytes(zip_bytes(sources))
    (folder / "report_lambda.zip").write_bytes(zip_bytes(files_below(ROOT / "report")))
    (folder / "glue_jobs.zip").write_bytes(glue_jobs_zip())
    return folder


def synthesize(settings: Settings, statements: Path | None = None) -> Path:
    """Synthesize and check AWS's rules; return the output folder."""
    # Only now: infra says which Node is to be taken.
    from aws_cdk import Validations
    from cdk_nag import AwsSolutionsChecks

    out = new_folder()
    app = make_app(settings, out, zips(), statements or ROOT / "athena")
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    acknowledge(app, settings)
    app.synth()
    return out


@cache
def usual() -> Path:
    return synthesize(SETTINGS)


@cache
def with_report() -> Path:
    emails = ["analyst@example.org", "another@example.org"]
    return synthesize(SETTINGS.model_copy(update={"report": True, "digest_emails": emails}))


@cache
def with_everything() -> Path:
    return synthesize(SETTINGS.model_copy(update=EVERYTHING))


def template(out: Path, stack: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((out / f"chartlake-test-{stack}.template.json").read_text())
    return read


def resources(out: Path, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of a kind in both stacks, by logical id."""
    return {
        name: resource["Properties"]
        for stack in ("data", "pipeline")
        for name, resource in template(out, stack)["Resources"].items()
        if resource["Type"] == kind
    }


def without_hash(name: str) -> str:
    """Remove the hash from a logical id, alone or with an attribute."""
    return re.sub(r"[0-9A-F]{8}(?=$|>|\.)", "", name)


def said(value: Any) -> str:
    """Resolve a value as CloudFormation would, as far as the template allows."""
    match value:
        case str():
            return value
        case {"Ref": "AWS::AccountId"}:
            return ACCOUNT
        case {"Ref": "AWS::Region"}:
            return REGION
        case {"Ref": "AWS::Partition"}:
            return "aws"
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Join": [between, parts]}:
            return str(between).join(map(said, parts))
        case {"Fn::Sub": text}:
            return str(text).replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", REGION)
    raise TypeError(f"not understood: {value!r}")


def machines(out: Path) -> dict[str, Any]:
    """Every state machine of an app, by its name without the environment."""
    return {
        machine["StateMachineName"].removeprefix("chartlake-test-"): machine
        for machine in resources(out, "AWS::StepFunctions::StateMachine").values()
    }
