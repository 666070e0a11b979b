"""Commands that set up access to Spotify."""

import click


@click.command()
def doctor() -> None:
    """Check whether a run can capture the charts with these settings, and what to fix."""
    from chartlake.spotify.doctor import report_findings

    raise SystemExit(report_findings())


@click.command()
def consent() -> None:
    """Log in to Spotify; print the refresh token that charts with login = "user" need."""
    from chartlake.spotify.consent import print_refresh_token

    print_refresh_token()


COMMANDS = (doctor, consent)
