"""Commands that deploy and operate `infra/` and `athena/` on AWS. ENV names a settings file.

All but `views` and `ask` need a checkout of the repository: `infra/` is not part of the package.
"""

from datetime import datetime
from pathlib import Path

import click

from chartlake.cli import options


@click.group()
def aws() -> None:
    """Deploy and operate AWS. ENV is a file of infra/environments, without .toml."""


@aws.command()
@options.environment
def synth(environment: str) -> None:
    """Write the CloudFormation templates to build/cdk-ENV; needs no account."""
    with options.needs_checkout():
        from infra.stacks import synthesize
    synthesize(environment)


@aws.command()
@options.environment
@click.argument("cdk_options", nargs=-1, type=click.UNPROCESSED)
def diff(environment: str, cdk_options: tuple[str, ...]) -> None:
    """Show what a deployment would change. Options for CDK follow --."""
    with options.needs_checkout():
        from infra.stacks import show_changes
    show_changes(environment, cdk_options)


@aws.command()
@options.environment
@click.argument("cdk_options", nargs=-1, type=click.UNPROCESSED)
def deploy(environment: str, cdk_options: tuple[str, ...]) -> None:
    """Deploy both stacks. Options for CDK follow --."""
    with options.needs_checkout():
        from infra.stacks import deploy_stacks
    deploy_stacks(environment, cdk_options)


@aws.command()
@options.environment
@click.argument("cdk_options", nargs=-1, type=click.UNPROCESSED)
def destroy(environment: str, cdk_options: tuple[str, ...]) -> None:
    """Delete the pipeline stack; the data is kept. Options for CDK follow --."""
    with options.needs_checkout():
        from infra.stacks import destroy_pipeline
    destroy_pipeline(environment, cdk_options)


@aws.command()
def bootstrap() -> None:
    """Prepare an AWS account and region for deployments, once."""
    with options.needs_checkout():
        from infra.stacks import bootstrap_account
    bootstrap_account()


@aws.command()
@options.environment
@options.first_day
@options.last_day
@click.option("--backfill", is_flag=True, help="Use the backfill's workers and timeout.")
def run(environment: str, first: datetime, last: datetime | None, backfill: bool) -> None:
    """Build the tables of a range of days on AWS, and wait for the result."""
    with options.needs_checkout():
        from infra.run import build_days
    build_days(environment, *options.days(first, last), backfill)


@aws.command()
@options.environment
def views(environment: str) -> None:
    """Create or replace Athena's views; safe to repeat."""
    from chartlake.athena.deploy import deploy_views

    deploy_views(environment)


@aws.command()
@options.environment
@click.argument("file", type=options.FILE)
def ask(environment: str, file: Path) -> None:
    """Run the query in a FILE on Athena."""
    from chartlake.athena.ask import ask_account

    ask_account(environment, file)
