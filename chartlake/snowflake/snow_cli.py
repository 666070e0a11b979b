"""Runs SQL through the vendor's own command line, `snow sql`.

`snow` has its own environment, because it pins a different connector from ours. It finds the
account as usual: `connections.toml` or SNOWFLAKE_* in the environment, and
SNOWFLAKE_DEFAULT_CONNECTION_NAME picks a connection. No credentials pass through here.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from chartlake.contract.counts import counted
from chartlake.contract.errors import UserError
from chartlake.resources import CHECKOUT
from chartlake.snowflake.environments import Variables
from chartlake.snowflake.sql_files import statements

SNOW = CHECKOUT / ".venv-snow" / "bin" / "snow"
"""The command that `make setup-dev` installs; if it is missing, PATH is searched for `snow`."""


NO_WORDS = "snow gave no reason. Its Jinja may lack a feature that ours has, such as loop.last."


class SnowError(UserError):
    """`snow sql` failed; the message has the statement and Snowflake's answer."""


def run_files(files: Sequence[Path], variables: Variables) -> int:
    """Run files in one session, up to the first error; return how many statements they hold.

    Raises SnowError.
    """
    named = [part for key, value in variables.items() for part in ("-D", f"{key}={value}")]
    listed = [part for path in files for part in ("-f", str(path))]
    result = _snow("--enable-templating", "JINJA", *named, *listed)
    sent = [(path.name, text) for path in files for text in statements(path, variables)]
    if result.returncode:
        raise SnowError(f"{_place(sent, result.stdout)}\n{_words(result.stderr)}")
    return len(sent)


def _snow(*arguments: str) -> subprocess.CompletedProcess[str]:
    snow = SNOW if SNOW.exists() else shutil.which("snow")
    if snow is None:
        raise SnowError("`snow` was not found. Install Snowflake CLI: pipx install snowflake-cli")
    return subprocess.run(  # noqa: S603 - our own arguments, and no shell
        [str(snow), "sql", "--format", "json", *arguments],
        env=os.environ | {"SNOWFLAKE_CLI_IGNORE_NEW_VERSION_WARNING": "true"},
        capture_output=True,
        text=True,
        check=False,
    )


def _place(sent: Sequence[tuple[str, str]], answers: str) -> str:
    """Find the statement that failed: `snow` prints one result per statement, up to the error."""
    done = len(re.findall(r"^  \[", answers, re.MULTILINE))
    if done >= len(sent):
        return "snow sql failed after the last statement."
    name, text = sent[done]
    before = counted(done, "statement")
    return f"{name} failed at its statement\n  {text.splitlines()[0]}\n{before} had run."


def _words(box: str) -> str:
    """Extract the text from the frame that `snow` draws around an error."""
    lines = [line.strip("│╭╰╮╯─ ") for line in box.splitlines()]
    return " ".join(line for line in lines if line and line != "Error") or NO_WORDS
