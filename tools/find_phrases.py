"""Finds phrases that this project used to misuse: `make check` fails on them.

    python -m tools.find_phrases

CONTRIBUTING.md has examples of what to write instead.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from chartlake.contract.counts import counted

ROOT = Path(__file__).parents[1]
LISTED = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "--")
WHERE = ("*.md", "*.py", "*.sql", "*.toml", "*.json", "*.html", "*.in", "Makefile")
PHRASES = {
    r"that (is|are) none": "invalid, malformed, missing",
    r"(?<!there )\bis none\b": "does not exist, is invalid",
    r"is no (day|field|header|instant|manifest|name|number|place|unit)\b": "is not a valid",
    r"\b(unless|when|where|only) told\b": "by default, on request",
    r"\banew\b": "again",
    r"\bby the hour\b": "hourly",
    r"\b(goes|went|going) on\b": "continues",
    r"\b(chart|resource|table|day|line) more\b": "another",
    r"\bhush": "disable debug logging",
    r"\bwould obey\b": "control sequences",
    r"worked out by hand": "calculated by hand",
    r"shows itself": "can read",
    r"\bput right\b": "fix",
    r"\b[Mm]end(s|ed|ing)?\b": "fix",
    r"value that is": "placeholder, invalid value",
    r"without a word": "silently",
    r"pass(es|ed)? over": "skip, ignore",
    r"\b(is|was) at work\b": "is running",
    r"\breckon": "compute",
    r"\btold with\b": "reported with",
    r"\b(is|are|was|were) told\b": "is reported, is notified",
    r"\bsays of\b": "reports about",
    r"\b(hands?|handed) (over|on)\b": "pass",
    r"\btakes? (it |them )?along\b": "include, lose",
    r"made a mistake": "internal error",
    r"could not go on": "failed",
    r"\b(1|one) (files|entries|rows|days|charts)\b": "the singular",
}
"""Regular expression -> what to write instead."""
EXCEPTIONS = {
    ("tools/find_phrases.py", ""): "the list itself",
    ("tests/tools/test_find_phrases.py", ""): "examples of what is found",
    ("tests/extract_lambda/test_killed_processes.py", "1 files"): "n - 1 files",
    ("CONTRIBUTING.md", ""): "examples of what to avoid",
    ("chartlake/report/template/parts.html", "is none"): "Jinja's word",
}
"""File and phrase, or all of them -> why it stays."""


def found_in(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the phrase and the suggestion of each misuse in a text."""
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern, better in PHRASES.items():
            for match in re.finditer(pattern, line):
                yield number, match[0], better


def main() -> int:
    """Print every misuse; return 1 if there is any."""
    names = subprocess.run(  # noqa: S603 (our own arguments)
        [*LISTED, *WHERE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    count = 0
    for name in sorted(set(names)):
        path = ROOT / name
        if not path.exists() or (name, "") in EXCEPTIONS:
            continue
        for line, phrase, better in found_in(path.read_text(encoding="utf-8")):
            if (name, phrase.lower()) not in EXCEPTIONS:
                count += 1
                sys.stdout.write(f"{name}:{line}: {phrase!r}: write {better}\n")
    if count:
        sys.stdout.write(f"{counted(count, 'phrase')} to rewrite, or to except with a reason.\n")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())
