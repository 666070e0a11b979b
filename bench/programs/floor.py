"""The cheapest possible Spark job: a session like ours, one small JSON in, one small Parquet out.

python -m chartlake.spark.submit --mount BUCKET=FOLDER bench.programs.floor s3://BUCKET
"""

import sys

from bench.programs.marks import mark
from glue_jobs.job.session import open_session


def main(root: str) -> None:
    """Read the one file and write it as Parquet."""
    spark = open_session("floor")
    mark("ready")
    rows = spark.read.schema("name string, rank int").json(f"{root}/small.json")
    rows.write.mode("overwrite").parquet(f"{root}/small")
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1])
