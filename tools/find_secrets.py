"""Searches every line that any commit ever added, and the current files, for secrets.

    python -m tools.find_secrets

Whoever has the repository has its history, so a secret that was removed must still be rotated.
detect-secrets does the search: it recognises some thirty kinds of keys by their form, and passwords
by the names that they are assigned to. It reads history only one commit at a time, so the lines are
put into files of the same names, each line once.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings

from chartlake.contract.counts import counted

ROOT = Path(__file__).parents[1]
NOT_SECRETS = {
    r"the-secret|app": "what tests call the secret of an app",
    r"any|none": "the password of an account's stand-in, which checks none",
    r"hunter2": "a password in an address that is rejected because of it",
    r"[0-9a-f]{16}": "song ids that tests spell out: the first 16 digits of a hash of a title",
    r".*canary.*|5ec2e7ca9a21.*": "planted by tests, which check that it is never written out",
}
"""A false positive -> why it is not a secret."""
WHAT_TO_DO = (
    "A committed secret is exposed: rotate it (SECURITY.md), then remove it. Add a false positive "
    "to NOT_SECRETS in tools/find_secrets.py, with the reason."
)

Lines = dict[str, dict[str, None]]
"""Path -> its lines, each once, in order of appearance."""


def added_lines(log: Iterator[str], lines: Lines) -> None:
    """Add the lines that a log of patches added, file by file."""
    path, left = "", 0
    for line in log:
        if left == 0 and line.startswith("+++ "):
            path = line[4:].removeprefix("b/").rstrip("\t")
        elif left == 0 and line.startswith("@@ "):
            count = line.split(" ")[2].partition(",")[2]
            left = int(count or 1)
        elif left and line.startswith("+"):
            lines.setdefault(path, {})[line[1:]] = None
            left -= 1


def lines_of(root: Path) -> Lines:
    """Collect the lines of a repository: of its history, and of files that git does not ignore."""
    lines: Lines = {}
    patches = (
        "log",
        "--all",
        "-m",
        "--patch",
        "--unified=0",
        "--format=",
        "--no-ext-diff",
        "--text",
    )
    added_lines(_git(root, "\n", *patches), lines)
    for path in _git(root, "\0", "ls-files", "-z", "--cached", "--others", "--exclude-standard"):
        if path and (root / path).is_file():
            text = (root / path).read_text(encoding="utf-8", errors="replace")
            lines.setdefault(path, {}).update(dict.fromkeys(text.split("\n")))
    return lines


def _git(root: Path, end: str, *arguments: str) -> Iterator[str]:
    result = subprocess.run(  # noqa: S603 - git, with our own arguments
        ["git", "-c", "core.quotePath=off", *arguments],  # noqa: S607 - whichever git is installed
        cwd=root,
        capture_output=True,
        check=True,
    )
    yield from result.stdout.decode("utf-8", "replace").split(end)


def find(lines: Lines) -> list[str]:
    """Return a sentence for each possible secret, with what precedes it on its line."""
    with TemporaryDirectory() as folder:
        for path, text in lines.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(text), encoding="utf-8")
        found = SecretsCollection(root=folder)
        with default_settings():
            found.scan_files(*lines)
        return sorted(
            f"{path}: {secret.type}, after {_before(list(lines[path]), secret)!r}"
            for path, secret in found
            if not any(
                re.fullmatch(known, secret.secret_value or "", re.I) for known in NOT_SECRETS
            )
        )


def _before(lines: Sequence[str], secret: PotentialSecret) -> str:
    """Show where the secret is, not what it is: this is printed to logs."""
    line = lines[secret.line_number - 1]
    return line.partition(secret.secret_value or line)[0].strip()[:60]


def main() -> int:
    """Report every find; return 1 if there is one."""
    lines = lines_of(ROOT)
    if found := find(lines):
        sys.stderr.write("\n".join([*found, WHAT_TO_DO, ""]))
        return 1
    count = counted(sum(map(len, lines.values())), "line")
    sys.stdout.write(f"No secret found in {count} of the history and the files.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
