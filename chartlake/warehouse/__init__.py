"""The warehouse on one machine: `snowflake/*.sql` as it stands, on fakesnow (DuckDB inside).

    with open_warehouse(Path("lake/warehouse"), {"s3://chartlake-curated/": Path("lake/x")}) as it:
        it.deploy()
        it.load()
        it.query("SELECT TITLE FROM CHARTLAKE.MARTS.SONG_MOVES WHERE IS_LATEST AND RANK = 1")

fakesnow runs the SQL. What it lacks is added here: pipes, and COPY from an `s3://` stage that is
mounted on a folder. The warehouse is a file in its folder and survives; deploy it again after
opening it, because fakesnow keeps stages and file formats in memory.

It is a stand-in; docs/embedded-warehouse.md says where it differs from Snowflake.
"""

from chartlake.warehouse.warehouse import Warehouse, WarehouseError, open_warehouse

__all__ = ["Warehouse", "WarehouseError", "open_warehouse"]
