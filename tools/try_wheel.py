"""Builds the wheel, installs it in an empty environment, and runs it there: `make test-wheel`.

The environment gets the locked dependencies, with their hashes, and then only the wheel. Commands
run in an empty folder outside the checkout.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[1]
ALLOWED = {"chartlake", "extract_lambda", "glue_jobs"}
PIP = ("-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-compile")


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder; return its path."""
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*command, *options], check=True)  # noqa: S603 (our own command)
    (wheel,) = folder.glob("*.whl")
    return wheel


def top_level(wheel: Path) -> set[str]:
    """Return the top-level names that the wheel installs."""
    with ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    return {top for top in tops if not top.endswith(".dist-info")}


def install(wheel: Path, folder: Path) -> Path:
    """Create an environment with the locked dependencies and the wheel; return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    for name in ("build", "demo"):
        lock = ROOT / f"requirements/{name}.txt"
        options = [] if name == "build" else ["--no-build-isolation"]
        _run([python, *PIP, *options, "--require-hashes", "-r", lock], folder)
    _run([python, *PIP, "--no-deps", wheel], folder)
    return python


def _run(command: list[object], folder: Path) -> str:
    ran = subprocess.run(  # noqa: S603 (our own commands)
        [str(word) for word in command], cwd=folder, stdout=subprocess.PIPE, text=True, check=True
    )
    return ran.stdout


def main() -> None:
    """Build, install and run; print the result of each step. Exits with an error if one fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build_wheel(folder)
        if others := top_level(wheel) - ALLOWED:
            sys.exit(f"The wheel must not install {', '.join(sorted(others))}.")
        python = install(wheel, folder / "environment")
        empty = folder / "empty"
        empty.mkdir()
        chartlake = python.with_name("chartlake")
        for words in (
            [python, "-c", "import chartlake, snowflake.connector"],
            [chartlake, "--help"],
            [chartlake, "demo", "--days", "3"],
            [chartlake, "sql", "--file", "todays_chart.sql"],
            [chartlake, "ask", "todays_chart.sql"],
        ):
            sys.stdout.write(f"$ {' '.join(map(str, words[1:]))}\n")
            sys.stdout.write(_run([*words], empty))
            sys.stdout.flush()
    sys.stdout.write("The wheel works.\n")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(map(str, error.cmd))} failed with code {error.returncode}.")
