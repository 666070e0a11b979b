"""The warehouse on one machine: `snowflake/*.sql` unchanged, on fakesnow (DuckDB inside).

    with open_warehouse(Path("lake/warehouse"), {"s3://chartlake-curated/": Path("lake/x")}) as it:
        it.deploy()
        it.load()
        it.query("SELECT TITLE FROM CHARTLAKE.MARTS.SONG_MOVES WHERE IS_LATEST AND RANK = 1")

fakesnow runs the SQL. This package adds what it lacks: pipes, and COPY from an `s3://` stage that
is mounted on a folder. The warehouse is a file in its folder and persists; deploy again after
opening it, because fakesnow keeps stages and file formats in memory.

It is a stand-in; docs/embedded-warehouse.md lists its differences from Snowflake.
"""

from chartlake.warehouse.warehouse import Warehouse, WarehouseError, open_warehouse

__all__ = ["Warehouse", "WarehouseError", "open_warehouse"]
