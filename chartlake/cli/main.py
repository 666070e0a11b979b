"""The `chartlake` command.

Each command imports its package when it runs, so that `chartlake --help` is fast and a command
needs only its own dependencies. Exit codes: 0 for success, 1 for failed or held back, 2 for wrong
usage.
"""

from typing import Any

import click

from chartlake.cli import aws, local, snowflake, spotify
from chartlake.contract.errors import UserError
from chartlake.contract.printable import printable_lines


class Commands(click.Group):
    """Prints only the message if a command raises a UserError."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            raise click.ClickException(printable_lines(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chartlake")
def cli() -> None:
    """Watch Spotify's most played tracks, and see what changes."""


for command in (*local.COMMANDS, *spotify.COMMANDS, aws.aws, snowflake.snowflake):
    cli.add_command(command)
