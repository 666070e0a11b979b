"""Commands that run the job on a raw and a curated folder, and lakes that it has published."""

import shutil
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

from bench.lakes import FOLDER, made_once
from bench.measure import measure

RAW_BUCKET, CURATED_BUCKET = "bench-raw", "bench-curated"


def spark_command(
    raw: Path, curated: Path, module: str, *arguments: str, large: bool = False
) -> list[str]:
    """Return the command that runs a module under local Spark, on these roots."""
    curated.mkdir(parents=True, exist_ok=True)
    mounts = [f"{RAW_BUCKET}={raw}", f"{CURATED_BUCKET}={curated}"]
    options = [word for mount in mounts for word in ("--mount", mount)]
    options += ["--large"] if large else []
    return [sys.executable, "-m", "chartlake.spark.submit", *options, module, *arguments]


def job_command(raw: Path, curated: Path, start: date, end: date, large: bool = False) -> list[str]:
    """Return the command that builds the tables of a range of days."""
    arguments = job_arguments(raw, start, end)
    return spark_command(raw, curated, "glue_jobs.build_tables", *arguments, large=large)


def job_arguments(raw: Path, start: date, end: date) -> list[str]:
    """Return the job's arguments; chart files come with their own charts.toml."""
    span = ["--start-date", start.isoformat(), "--end-date", end.isoformat()]
    roots = ["--raw-root", f"s3://{RAW_BUCKET}", "--curated-root", f"s3://{CURATED_BUCKET}"]
    charts = ["--charts-file", f"s3://{RAW_BUCKET}/charts.toml"]
    return [*roots, *span, *(charts if (raw / "charts.toml").exists() else ())]


def published(name: str, raw: Path, start: date, end: date, folder: Path = FOLDER) -> Path:
    """Return a curated root on which the current version of the job has published some days."""
    log = folder / "logs" / f"{name}.log"

    def publish(root: Path) -> None:
        sys.stderr.write(f"  publishing {start} to {end}; {log} tells how far it is …\n")
        measure(job_command(raw, root, start, end, large=(end - start).days > 30), log)

    current = folder / f"{name}-by-{_version_of_the_job()}"
    for other in set(folder.glob(f"{name}-by-*")) - {current}:
        shutil.rmtree(other)
    return made_once(current, publish)


def _version_of_the_job() -> str:
    """Hash the job's own files, so that nothing published by another version is reused."""
    files = sorted(
        path for part in ("glue_jobs", "chartlake/contract") for path in Path(part).rglob("*.py")
    )
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:8]


def forget(curated: Path, one: date) -> None:
    """Remove what was published of a day, including the state after it, so that it is new again."""
    for folder in list(curated.glob(f"**/dt={one.isoformat()}")):
        shutil.rmtree(folder)
