"""The warehouse on one machine: `snowflake/*.sql` as it stands, on fakesnow (DuckDB inside).

    with open_warehouse(Path("lake/warehouse"), {"s3://chartlake-curated/": Path("lake/x")}) as it:
        it.deploy()
        it.load()
        it.query("SELECT TITLE FROM CHARTLAKE.MARTS.SONG_MOVES WHERE IS_LATEST AND RANK = 1")

fakesnow runs the SQL. What it lacks is added here: pipes, and COPY from an `s3://` stage that is
mounted on a folder. The warehouse is a file in its folder and survives; deploy it again after
opening it, because fakesnow keeps stages and file formats in memory.

It is a stand-in, and these are its limits:

- Roles, grants, warehouses, integrations, resource monitors, tasks and alerts are taken note of in
  `Warehouse.not_emulated` and not run. Everyone may read everything, and nothing costs credits.
- A pipe loads when `load` or ALTER PIPE ... REFRESH says so, at once and in order. There is no
  queue, no latency, no auto-ingest, no notification; load history does not end after 14 days.
- A file that cannot be read is skipped and reported, as with ON_ERROR = SKIP_FILE, and tried again
  at the next load.
- Of COPY, only what our pipes use: whole Parquet files from an external stage, PATTERN the Snowpipe
  way, MATCH_BY_COLUMN_NAME without regard to case, INCLUDE_METADATA.
- Streams, dynamic tables, procedures, external tables, SHOW PIPES and time travel are missing.
- Over HTTP (`make warehouse`) it takes one statement at a time, and any user and password.
- DuckDB forgives what Snowflake refuses: a statement that runs here may be an error there. Sums and
  averages are floats unless they are cast, and so they are cast in our views.
"""

from local.warehouse.warehouse import Warehouse, WarehouseError, open_warehouse

__all__ = ["Warehouse", "WarehouseError", "open_warehouse"]
