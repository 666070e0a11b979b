"""Names of files in the lake, through Hadoop: `s3://` in Glue, a mapped folder on a laptop."""

from typing import Any

from pyspark.sql import SparkSession


def exists(spark: SparkSession, uri: str) -> bool:
    """Say whether there is a file or folder at this address."""
    file_system, path = _open(spark, uri)
    return bool(file_system.exists(path))


def list_files(spark: SparkSession, uri: str) -> list[str]:
    """Return the address of every file below a folder; none where there is no such folder."""
    file_system, path = _open(spark, uri)
    if not file_system.exists(path):
        return []
    found, names = file_system.listFiles(path, True), []
    while found.hasNext():
        names.append(found.next().getPath().toString())
    return names


def _open(spark: SparkSession, uri: str) -> tuple[Any, Any]:
    jvm: Any = spark._jvm
    path = jvm.org.apache.hadoop.fs.Path(uri)
    return path.getFileSystem(spark._jsc.hadoopConfiguration()), path
