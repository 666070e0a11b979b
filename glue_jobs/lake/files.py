"""Files of the lake, through Hadoop: `s3://` in Glue, a mapped folder on a laptop.

Patterns set how deep to look. Hadoop could list everything below a folder in one call, but for each
local file it starts a process to read the permissions.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from glue_jobs.job.errors import JobError


def glob(spark: SparkSession, pattern: str) -> dict[str, int]:
    """Return the address and size in bytes of every file and folder that matches a pattern."""
    return {status.getPath().toString(): status.getLen() for status in _found(spark, pattern)}


def files(spark: SparkSession, pattern: str) -> dict[str, int]:
    """Return the address and size in bytes of every file that matches a pattern."""
    return {
        status.getPath().toString(): status.getLen()
        for status in _found(spark, pattern)
        if status.isFile()
    }


def older_than(spark: SparkSession, pattern: str, instant: datetime) -> list[str]:
    """Return the addresses that match a pattern and were last modified before a timestamp."""
    milliseconds = instant.timestamp() * 1000
    found = _found(spark, pattern)
    return sorted(f.getPath().toString() for f in found if f.getModificationTime() < milliseconds)


def _found(spark: SparkSession, pattern: str) -> Any:
    jvm: Any = spark._jvm
    path = jvm.org.apache.hadoop.fs.Path(pattern)
    # If even the parent folder is missing, Hadoop returns null.
    return path.getFileSystem(spark._jsc.hadoopConfiguration()).globStatus(path) or []


def exists(spark: SparkSession, uri: str) -> bool:
    """Return whether a file or folder exists at this address."""
    jvm: Any = spark._jvm
    path = jvm.org.apache.hadoop.fs.Path(uri)
    return bool(path.getFileSystem(spark._jsc.hadoopConfiguration()).exists(path))


def write_text(spark: SparkSession, uri: str, text: str) -> None:
    """Write a small file at once, replacing an existing one."""
    jvm: Any = spark._jvm
    path = jvm.org.apache.hadoop.fs.Path(uri)
    stream = path.getFileSystem(spark._jsc.hadoopConfiguration()).create(path)
    stream.write(bytearray(text.encode()))
    stream.close()


def read_text(spark: SparkSession, uri: str) -> str:
    """Read a small file; raises UnicodeDecodeError if it is not text."""
    jvm: Any = spark._jvm
    path = jvm.org.apache.hadoop.fs.Path(uri)
    stream = path.getFileSystem(spark._jsc.hadoopConfiguration()).open(path)
    content = bytes(stream.readAllBytes())
    stream.close()
    return content.decode()


def delete(spark: SparkSession, uri: str) -> None:
    """Delete a file, or a folder with everything below it; a missing one is ignored.

    Raises JobError if it cannot be deleted.
    """
    jvm: Any = spark._jvm
    path = jvm.org.apache.hadoop.fs.Path(uri)
    try:
        deleted = path.getFileSystem(spark._jsc.hadoopConfiguration()).delete(path, True)
    except Py4JJavaError as error:
        raise JobError(f"{uri} cannot be deleted: {error.java_exception.getMessage()}") from error
    # A local file system only returns false; s3 raises.
    if not deleted and exists(spark, uri):
        raise JobError(f"{uri} cannot be deleted: check that you can write to its folder.")


def any_of(days: Iterable[date]) -> str:
    """Return the pattern that matches the folders of these days."""
    return "{" + ",".join(f"dt={day.isoformat()}" for day in days) + "}"
