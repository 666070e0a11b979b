"""Runs SQL through the vendor's own command line, `snow sql`.

`snow` lives in an environment of its own, because it pins another connector than ours. It finds the
account as it always does: `connections.toml` or SNOWFLAKE_* in the environment, and
SNOWFLAKE_DEFAULT_CONNECTION_NAME picks a connection. No credential passes through here.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from chartlake.contract.counts import counted
from chartlake.snowflake.environments import Variables
from chartlake.snowflake.sql_files import statements

SNOW = Path(__file__).parents[2] / ".venv-snow" / "bin" / "snow"


NO_WORDS = "snow gave no reason: it does so where its Jinja lacks what ours has, as loop.last."


class SnowError(Exception):
    """`snow sql` failed; the message says at which statement, and what Snowflake answered."""


def run_files(files: Sequence[Path], variables: Variables) -> int:
    """Run files in one session, up to the first error; return how many statements they hold.

    Raises SnowError.
    """
    named = [part for key, value in variables.items() for part in ("-D", f"{key}={value}")]
    listed = [part for path in files for part in ("-f", str(path))]
    told = _snow("--enable-templating", "JINJA", *named, *listed)
    sent = [(path.name, text) for path in files for text in statements(path, variables)]
    if told.returncode:
        raise SnowError(f"{_place(sent, told.stdout)}\n{_words(told.stderr)}")
    return len(sent)


def _snow(*arguments: str) -> subprocess.CompletedProcess[str]:
    if not SNOW.exists():
        raise SnowError(f"{SNOW} is missing: run it through make, which installs it.")
    return subprocess.run(  # noqa: S603 - our own arguments, and no shell
        [str(SNOW), "sql", "--format", "json", *arguments],
        env=os.environ | {"SNOWFLAKE_CLI_IGNORE_NEW_VERSION_WARNING": "true"},
        capture_output=True,
        text=True,
        check=False,
    )


def _place(sent: Sequence[tuple[str, str]], answers: str) -> str:
    """Say which statement failed: `snow` writes an answer per statement and stops at the error."""
    done = len(re.findall(r"^  \[", answers, re.MULTILINE))
    if done >= len(sent):
        return "snow sql failed after the last statement."
    name, text = sent[done]
    before = counted(done, "statement")
    return f"{name} failed at its statement\n  {text.splitlines()[0]}\n{before} had run."


def _words(box: str) -> str:
    """Take the words out of the frame that `snow` draws around an error."""
    lines = [line.strip("│╭╰╮╯─ ") for line in box.splitlines()]
    return " ".join(line for line in lines if line and line != "Error") or NO_WORDS
