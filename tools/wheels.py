"""Installs a lock of requirements/ into a folder for Lambda's machine, whatever this machine is.

Only wheels whose hashes are in the lock are accepted, so no package runs its own code while it is
installed.
"""

import os
import re
import subprocess
import sys
from collections.abc import Set
from pathlib import Path

from uv import find_uv_bin

from chartlake.contract.errors import UserError

PYTHON = "3.13"
PLATFORM = "aarch64-manylinux2014"
PATIENCE_SECONDS = 180

# Lambda's runtime has boto3 and its dependencies, which would be most of the zip. Nothing newer is
# needed: conditional writes, the newest feature that raw/store.py uses, are older (August 2024)
# than the runtime for Python 3.13. urllib3 is still included: requests needs it in the version
# that is locked, and botocore accepts any 2.x but 2.2.0.
RUNTIME_PROVIDES = frozenset(
    {"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six"}
)


class WheelsError(UserError):
    """The packages cannot be installed as locked; the message says why and what to do."""


def without(lock: str, names: Set[str]) -> str:
    """Remove packages from a lock, each with the lines that hold its hashes."""
    blocks = re.split(r"\n(?=\S)", lock)
    return "\n".join(block for block in blocks if block.partition("==")[0] not in names)


def install(lock: str, folder: Path) -> None:
    """Install a whole lock into a folder.

    Raises WheelsError if a package cannot be downloaded, has no wheel, or has another hash.
    """
    try:
        subprocess.run(  # noqa: S603 (the locked uv; the lock is passed through a pipe)
            [*_command(), "--target", folder],
            input=lock,
            env={"UV_HTTP_TIMEOUT": "30", **os.environ},
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        raise WheelsError(_refusal(error.stderr.strip())) from None
    except subprocess.TimeoutExpired:
        raise WheelsError(_refusal(f"not finished after {PATIENCE_SECONDS} seconds")) from None


def _command() -> list[str]:
    # The lock is complete: dependencies that it lacks were left out on purpose.
    command = [find_uv_bin(), "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--python", sys.executable, "--link-mode", "copy", "--requirement", "-"]
    command += ["--python-version", PYTHON, "--python-platform", PLATFORM]
    return [*command, "--only-binary", ":all:"]


def _refusal(why: str) -> str:
    return (
        f"The Lambda's packages could not be installed for Python {PYTHON} on {PLATFORM}:\n{why}\n"
        "Check the network and run again; if a version or a hash is wrong, run `make lock`."
    )
