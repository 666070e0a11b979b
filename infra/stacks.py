"""What `chartlake aws` does with the stacks of an environment: synth, diff, deploy, destroy."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from chartlake.contract.counts import counted
from infra.app import make_app
from infra.cdk import run_cdk
from infra.settings import ROOT, Settings, SettingsError, read_settings
from tools.build_zips import build_zips


def synthesize(environment: str) -> None:
    """Build the zips, and write the templates; raises UserError."""
    _synthesize(read_settings(environment))


def show_changes(environment: str, options: Sequence[str] = ()) -> None:
    """Show what a deployment would change; raises UserError."""
    app = _synthesize(read_settings(environment))
    run_cdk("diff", "--app", app, *options)


def deploy_stacks(environment: str, options: Sequence[str] = ()) -> None:
    """Deploy both stacks; raises UserError, also if nobody would get the alarms."""
    settings = read_settings(environment)
    if settings.alarm_email.endswith("@example.com"):
        raise SettingsError(
            f"infra/environments/{environment}.toml: alarm_email = {settings.alarm_email!r} is a "
            "placeholder. Set it to the address that receives alarms."
        )
    run_cdk("deploy", "--app", _synthesize(settings), "--all", *options)


def destroy_pipeline(environment: str, options: Sequence[str] = ()) -> None:
    """Delete the pipeline stack; the data stack stays. Raises UserError."""
    settings = read_settings(environment)
    pipeline = f"{settings.name}-pipeline"
    run_cdk("destroy", "--app", _synthesize(settings), "--exclusively", pipeline, *options)


def bootstrap_account() -> None:
    """Prepare an AWS account and region for deployments; raises UserError."""
    run_cdk("bootstrap")


def described(template: Path, resources: int) -> str:
    """Describe the size of a template."""
    return f"{template}  {counted(resources, 'resource')}"


def _synthesize(settings: Settings) -> str:
    """Write the templates of the stacks; return their folder."""
    build_zips()
    out = Path(f"build/cdk-{settings.environment}")
    make_app(settings, ROOT / out).synth()
    for template in sorted((ROOT / out).glob("*.template.json")):
        resources = json.loads(template.read_text(encoding="utf-8"))["Resources"]
        sys.stdout.write(f"{described(out / template.name, len(resources))}\n")
    return str(ROOT / out)
