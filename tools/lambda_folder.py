"""Runs a Lambda's zip in an interpreter that finds what it would find in Lambda, and no more.

It is this machine's Python. Instead of modules that the zip has compiled for Lambda, it imports
their pure-Python versions, or this environment's copy of a package that has none.
"""

import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

from tools.wheels import RUNTIME_PROVIDES


def unpack(zip_file: Path, folder: Path, compiled: tuple[str, ...] = ()) -> None:
    """Create task/ (the zip) and runtime/ (what Lambda provides, from this environment).

    `compiled`: packages of the zip that are fully compiled, taken from this environment.
    """
    with ZipFile(zip_file) as archive:
        archive.extractall(folder / "task")
    (folder / "runtime").mkdir()
    for name in RUNTIME_PROVIDES:
        _put_in(name, folder / "runtime")
    for name in compiled:
        _put_in(name, folder / "task")


def _put_in(name: str, folder: Path) -> None:
    package = distribution(name)
    for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
        shutil.rmtree(folder / top, ignore_errors=True)
        (folder / top).symlink_to(str(package.locate_file(top)))


def packages(folder: Path) -> set[str]:
    """Return the names of everything that can be imported from an unpacked folder."""
    return {path.stem for path in folder.glob("*/*") if path.suffix in ("", ".py")}


def run(folder: Path, script: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a script on an unpacked folder.

    -B as in Lambda, whose task folder is read-only: every cold start compiles the zip's modules.
    """
    search = [str(folder / "task"), str(folder / "runtime")]
    script = f"import sys; sys.path[:0] = {search!r}\n{script}"
    return subprocess.run(  # noqa: S603 (our own interpreter, our own script)
        [sys.executable, "-I", "-S", "-B", *options, "-c", script],
        cwd=folder / "task",
        capture_output=True,
        text=True,
        check=False,
    )
