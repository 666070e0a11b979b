"""Checks the CDK command, as locked in infra/package-lock.json, for known vulnerabilities.

npm queries its registry, which has GitHub's advisories. It is the npm of the nodejs wheel.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from infra.cdk import HERE, NODE, NPM, environment

UNCHECKED = 3
TIMEOUT_SECONDS = 60


def audit_npm(folder: Path = HERE, service: Sequence[str] = ()) -> tuple[int, str]:
    """Audit the lock of a folder; return 0, 1 if it is vulnerable, 3 if unchecked.

    `service` selects another service that answers as npm's registry does.
    """
    how = ["--package-lock-only", "--json", "--fetch-retries=0", "--logs-max=0", *service]
    try:
        result = subprocess.run(  # noqa: S603 (both paths are the environment's own)
            [NODE, NPM, "audit", *how],
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )
        return verdict(json.loads(result.stdout))
    except subprocess.TimeoutExpired:
        return verdict({"message": f"npm's registry did not respond in {TIMEOUT_SECONDS} seconds"})
    except ValueError:
        return verdict(
            {"message": (result.stderr.strip().splitlines() or ["npm gave no reason"])[-1]}
        )


def verdict(answer: dict[str, Any]) -> tuple[int, str]:
    """Summarise npm's findings; an answer without a list of vulnerabilities counts as unchecked."""
    if "vulnerabilities" not in answer:
        why = answer.get("message", "npm gave no reason")
        return UNCHECKED, f"NOT CHECKED, npm's lock: {why[:200]}"
    if found := list(_sentences(answer["vulnerabilities"].values())):
        return 1, "\n".join([*found, "Lock a fixed version: infra/package.json."])
    return 0, "No known vulnerability in npm's lock."


def _sentences(packages: Iterable[dict[str, Any]]) -> Iterator[str]:
    for package in packages:
        for cause in package["via"]:
            # A package affected through another only names that one, which is in the list itself.
            if isinstance(cause, dict):
                yield f"{package['name']}, npm: {cause['title']}, {cause['url']}"
