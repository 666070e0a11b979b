"""Lists locked packages with a known vulnerability: `make audit`.

    python -m tools.audit [--where-reachable]

pip-audit queries OSV's database (osv.dev), package by package; audit_npm.py checks npm's lock. Both
need the network: if they do not answer, nothing was checked. Then `make audit` fails; `make check`
reports it and continues.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chartlake.contract.counts import counted
from tools.audit_npm import UNCHECKED, audit_npm

LOCKS = Path(__file__).parents[1] / "requirements"
ACCEPTED: dict[str, str] = {}
"""Vulnerability -> why it does not affect us, and until when."""
TIMEOUT_SECONDS = 10


def audit(locks: Sequence[Path], service: Sequence[str] = ()) -> tuple[int, str]:
    """Audit the packages of lock files; return 0, 1 if one is vulnerable, 3 if unchecked.

    `service` selects another service that answers as OSV does.
    """
    files = [part for lock in locks for part in ("-r", str(lock))]
    ignored = [part for name in ACCEPTED for part in ("--ignore-vuln", name)]
    how = ("-s", "osv", *service, "--timeout", str(TIMEOUT_SECONDS), "--progress-spinner", "off")
    result = subprocess.run(  # noqa: S603 - our own arguments, and no shell
        [sys.executable, "-m", "pip_audit", *how, "--require-hashes", "--disable-pip"]
        + ["-f", "json", *ignored, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        packages = json.loads(result.stdout)["dependencies"]
    except (ValueError, KeyError):
        why = (result.stderr.strip().splitlines() or ["pip-audit gave no reason"])[-1]
        return UNCHECKED, f"NOT CHECKED for known vulnerabilities: {why[:200]}"
    return verdict(packages)


def verdict(packages: Sequence[dict[str, Any]]) -> tuple[int, str]:
    """Summarise pip-audit's findings; a package that it skipped counts as unchecked."""
    found = [
        f"{package['name']} {package['version']}: {vulnerability['id']}, "
        f"fixed in {', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for package in packages
        for vulnerability in package.get("vulns", [])
    ]
    if found:
        return 1, "\n".join([*found, "Lock a fixed version: make lock."])
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if skipped or not packages:
        names = ", ".join(skipped[:5])
        return UNCHECKED, (
            f"NOT CHECKED for known vulnerabilities: {len(skipped)} of "
            f"{counted(len(packages), 'locked package')} ({names})"
        )
    return 0, f"No known vulnerability in {counted(len(packages), 'locked package')}."


def main(arguments: Sequence[str] | None = None) -> int:
    """Report on both kinds of locks; return 1 if anything is vulnerable, else 3 or 0."""
    parser = argparse.ArgumentParser(prog="make audit")
    parser.add_argument(
        "--where-reachable", action="store_true", help="do not fail if nothing can be checked"
    )
    options = parser.parse_args(arguments)
    (python, of_python), (npm, of_npm) = audit(sorted(LOCKS.glob("*.txt"))), audit_npm()
    sys.stdout.write(f"{of_python}\n{of_npm}\n")
    code = 1 if 1 in (python, npm) else max(python, npm)
    return 0 if code == UNCHECKED and options.where_reachable else code


if __name__ == "__main__":
    sys.exit(main())
