"""The Glue database and its landing tables, declared from the contract: what Athena reads.

Tables read the curated files in place. Days are projected, not registered: a new day is available
as soon as its files are.
"""

from aws_cdk import Aws
from aws_cdk import aws_glue as glue
from constructs import Construct

from chartlake.contract.paths import table_prefix
from chartlake.contract.schema import Table
from chartlake.contract.tables import TABLES
from infra.names import LANDING_DATABASE, bucket_name
from infra.settings import Settings

PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
PROJECTION = {
    "classification": "parquet",
    "projection.enabled": "true",
    "projection.dt.type": "date",
    "projection.dt.format": "yyyy-MM-dd",
}
"""How Athena finds days: partition projection, with a range from the first day on.

It reads all runs of a day, and the views keep the newest. The folder `run=` is not a partition,
because its names are not known beforehand.
"""


class Catalog(Construct):
    """One database, and one table per curated table."""

    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "Catalog")
        self.settings = settings
        self.database = database(self, LANDING_DATABASE, "The files of the curated lake, every run")
        for table in TABLES:
            self._table(table).node.add_dependency(self.database)

    def _table(self, table: Table) -> glue.CfnTable:
        return glue.CfnTable(
            self,
            f"Table_{table.name}",
            catalog_id=Aws.ACCOUNT_ID,
            database_name=LANDING_DATABASE,
            table_input=glue.CfnTable.TableInputProperty(
                name=table.name,
                description=table.grain,
                table_type="EXTERNAL_TABLE",
                # NOW is in UTC, and so are the days.
                parameters=PROJECTION
                | {"projection.dt.range": f"{self.settings.first_day},NOW+1DAYS"},
                partition_keys=[glue.CfnTable.ColumnProperty(name="dt", type="string")],
                storage_descriptor=self._storage(table),
            ),
        )

    def _storage(self, table: Table) -> glue.CfnTable.StorageDescriptorProperty:
        columns = [
            glue.CfnTable.ColumnProperty(
                name=column.name, type=column.type, comment=column.description
            )
            for column in table.columns
        ]
        return glue.CfnTable.StorageDescriptorProperty(
            columns=columns,
            location=f"s3://{bucket_name(self.settings, 'curated')}/{table_prefix(table.name)}/",
            input_format=f"{PARQUET}.MapredParquetInputFormat",
            output_format=f"{PARQUET}.MapredParquetOutputFormat",
            serde_info=glue.CfnTable.SerdeInfoProperty(
                serialization_library=f"{PARQUET}.serde.ParquetHiveSerDe"
            ),
        )


def database(scope: Construct, name: str, description: str) -> glue.CfnDatabase:
    """Declare a database of the Glue Data Catalog."""
    return glue.CfnDatabase(
        scope,
        name.title().replace("_", ""),
        catalog_id=Aws.ACCOUNT_ID,
        database_name=name,
        database_input=glue.CfnDatabase.DatabaseInputProperty(name=name, description=description),
    )
