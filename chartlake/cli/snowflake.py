"""Commands that deploy and operate `snowflake/` on an account. ENV names a variables file."""

import click

from chartlake.cli import options


@click.group()
def snowflake() -> None:
    """Deploy and operate Snowflake. ENV is a file of snowflake/environments, without .toml."""


@snowflake.command()
@options.environment
def plan(environment: str) -> None:
    """Print the SQL that a deployment would run; needs no account."""
    from chartlake.snowflake.plan import print_plan

    print_plan(environment)


@snowflake.command()
@options.environment
@click.option("--only", type=click.Choice(("account", "database")), help="Run one phase only.")
def deploy(environment: str, only: str | None) -> None:
    """Apply the SQL to an account, as far as AWS trusts it; safe to repeat."""
    from chartlake.snowflake.deploy import deploy_environment

    raise SystemExit(deploy_environment(environment, only))


@snowflake.command()
@options.environment
@click.option("--delete", is_flag=True, help="Delete; by default, only list what would be deleted.")
def prune(environment: str, delete: bool) -> None:
    """List rows of superseded runs; with --delete, delete them."""
    from chartlake.snowflake.prune import prune_environment

    prune_environment(environment, delete)


@snowflake.command()
@options.environment
def smoke(environment: str) -> None:
    """Test the SQL on a real account, in a database that exists for minutes."""
    from chartlake.snowflake.smoke import smoke_test

    raise SystemExit(smoke_test(environment))
