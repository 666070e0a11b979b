"""Builds the zips in build/ from sources and locked wheels: two Lambdas, and Glue's jobs.

No Docker and no compiler: the wheels are prebuilt for Lambda's machine. The same sources and lock
give the same bytes, so unchanged code is not deployed again.

    python -m tools.build_zips
"""

import sys
from collections.abc import Set
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from chartlake.report.bundle import vega
from tools.wheels import RUNTIME_PROVIDES, WheelsError, install, without
from tools.zip_bytes import files_below, zip_bytes

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
EXTRACT_LAMBDA = BUILD / "extract_lambda.zip"
REPORT_LAMBDA = BUILD / "report_lambda.zip"
GLUE_JOBS = BUILD / "glue_jobs.zip"


def extract_lambda_zip() -> bytes:
    """Zip the function with its packages; raises WheelsError if they are unavailable."""
    packages = _packages("lambda", RUNTIME_PROVIDES)
    charts = {"charts.toml": (ROOT / "charts.toml").read_bytes()}
    return zip_bytes(packages | _sources("extract_lambda") | _contract() | charts)


def report_lambda_zip() -> bytes:
    """Zip the report's function in the same way, with all files beside the sources of its page.

    It brings its own boto3: PyAthena needs a newer one than Lambda's runtime may have.
    """
    packages = _packages("report")
    page = {
        f"chartlake/report/{name}": content
        for name, content in files_below(ROOT / "chartlake/report").items()
    }
    # Where chartlake.report.bundle looks for it: vl-convert, which builds it, is too large.
    script = {"build/vega.js": vega().encode()}
    return zip_bytes(packages | page | script | _athena() | _contract())


def glue_jobs_zip() -> bytes:
    """Zip what the Glue jobs import, for --extra-py-files; Glue provides Spark and boto3."""
    return zip_bytes(_sources("glue_jobs") | _contract())


def _contract() -> dict[str, bytes]:
    package = "chartlake/__init__.py"
    return {package: (ROOT / package).read_bytes()} | _sources("chartlake/contract")


def _athena() -> dict[str, bytes]:
    """Return what queries Athena on an account, without the stand-in, and what that imports."""
    names = [f"chartlake/athena/{name}.py" for name in ("__init__", "account", "statements")]
    names += ["chartlake/lake_folder.py", "chartlake/resources.py"]
    return {name: (ROOT / name).read_bytes() for name in names}


def _packages(lock: str, provided: Set[str] = frozenset()) -> dict[str, bytes]:
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        install(without(text, provided), Path(folder))
        return files_below(Path(folder))


def _sources(package: str) -> dict[str, bytes]:
    files = files_below(ROOT / package)
    return {f"{package}/{name}": files[name] for name in files if name.endswith(".py")}


def build_zips() -> None:
    """Build the zips, and print the size and the hash of each; raises WheelsError."""
    BUILD.mkdir(exist_ok=True)
    for path, make in (
        (EXTRACT_LAMBDA, extract_lambda_zip),
        (REPORT_LAMBDA, report_lambda_zip),
        (GLUE_JOBS, glue_jobs_zip),
    ):
        content = make()
        path.write_bytes(content)
        name, size = path.relative_to(ROOT), len(content) / 1024
        sys.stdout.write(f"{name}  {size:,.0f} KiB  sha256 {sha256(content).hexdigest()}\n")


if __name__ == "__main__":
    try:
        build_zips()
    except WheelsError as error:
        sys.exit(str(error))
