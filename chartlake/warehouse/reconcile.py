"""Lists the files of a lake that its warehouse lacks: `chartlake reconcile --lake lake/demo`.

Queries and output are those of `chartlake.snowflake.reconcile` on an account.
"""

from pathlib import Path

from chartlake.lake_folder import LakeFolder
from chartlake.snowflake.reconcile import reconcile
from chartlake.warehouse import WarehouseError, open_warehouse
from chartlake.warehouse.deploy import LOCAL_VARIABLES
from chartlake.warehouse.warehouse import warehouse_file


def reconcile_lake(lake: Path, refresh: bool) -> int:
    """Reconcile the warehouse with its lake; see `reconcile`. Raises WarehouseError."""
    folder = LakeFolder(lake)
    if not warehouse_file(folder.warehouse).exists():
        raise WarehouseError(
            f"There is no warehouse in {folder.warehouse} yet. Run `chartlake demo` first."
        )
    with open_warehouse(folder.warehouse, folder.stage) as warehouse:
        warehouse.deploy()
        return reconcile(warehouse.query, LOCAL_VARIABLES["database"], refresh)
