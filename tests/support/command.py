"""Runs the command `chartlake` in this process."""

import sys
from datetime import datetime
from unittest.mock import patch

from chartlake.cli.main import cli

CHARTLAKE = [sys.executable, "-m", "chartlake"]
"""The command as a process, run in a checkout."""


def chartlake(*arguments: object, now: datetime | None = None) -> int:
    """Run the command with its arguments, at `now` if given; return its exit code."""
    words = [str(argument) for argument in arguments]
    try:
        if now is None:
            cli.main(words, prog_name="chartlake")
        else:
            with patch("chartlake.cli.local.now", lambda: now):
                cli.main(words, prog_name="chartlake")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    raise AssertionError("click always exits")
