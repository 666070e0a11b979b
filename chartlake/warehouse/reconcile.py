"""Lists the files of a lake that its warehouse lacks: `chartlake reconcile --lake lake/demo`.

Queries and output are those of `chartlake.snowflake.reconcile` on an account.
"""

from pathlib import Path

from chartlake.lake_folder import LakeFolder
from chartlake.snowflake.reconcile import reconcile
from chartlake.warehouse.deploy import LOCAL_VARIABLES
from chartlake.warehouse.warehouse import open_existing


def reconcile_lake(lake: Path, refresh: bool) -> int:
    """Reconcile the warehouse with its lake; see `reconcile`. Raises WarehouseError."""
    with open_existing(LakeFolder(lake)) as warehouse:
        warehouse.deploy()
        return reconcile(warehouse.query, LOCAL_VARIABLES["database"], refresh)
