"""The contract in Spark's words."""

from pyspark.sql import types as T

from chartlake.schema import Table

SPARK_TYPES: dict[str, T.DataType] = {
    "int": T.IntegerType(),
    "bigint": T.LongType(),
    "boolean": T.BooleanType(),
    "string": T.StringType(),
    "double": T.DoubleType(),
    "date": T.DateType(),
    "timestamp": T.TimestampType(),
    "array<string>": T.ArrayType(T.StringType()),
}


def spark_schema(table: Table) -> T.StructType:
    """Return the schema of a table's files: every field nullable, as Parquet readers see them."""
    return T.StructType(
        [T.StructField(column.name, SPARK_TYPES[column.type]) for column in table.columns]
    )
