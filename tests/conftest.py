"""One Spark session for all tests, on `s3://lake` mapped onto a folder of this run."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from chartlake.spark.submit import gateway
from glue_jobs.job.session import open_session
from tests.support.job_builders import DAYS, run, write_month

LONG = (
    *("test_killed_runs", "test_trends_property", "test_job_faults", "test_spark_submit"),
    *("test_demo", "test_dependent_days", "test_commit", "test_fuzzed_raw_files"),
    *("test_build_tables", "test_exactly_once", "test_reconcile"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first: a process that starts one last delays the end."""
    items.sort(key=lambda item: item.path.stem not in LONG)


@pytest.fixture(scope="session")
def lake_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lake")


@pytest.fixture(scope="session")
def spark(lake_folder: Path) -> Iterator[SparkSession]:
    with gateway({"lake": lake_folder}) as connection:
        os.environ.update(connection, PYSPARK_PYTHON=sys.executable)
        session = open_session("tests")
        yield session
        gateway_of_session = session.sparkContext._gateway
        session.stop()
        if gateway_of_session:
            gateway_of_session.shutdown()


@pytest.fixture
def root(spark: SparkSession, lake_folder: Path) -> Path:
    """The folder of one test; the job knows it as `s3://lake/<its name>`."""
    return Path(tempfile.mkdtemp(dir=lake_folder))


@pytest.fixture(scope="session")
def month(spark: SparkSession, lake_folder: Path) -> Path:
    """A lake of four days that one run has published; tests only read it."""
    folder = lake_folder / "month"
    write_month(folder)
    assert run(spark, folder, DAYS[0], DAYS[3], "20261009T000000Z") == 0
    return folder
