"""Asks the embedded warehouse of a demo which files it lacks: `make reconcile LAKE=lake/demo`.

    python -m chartlake.warehouse.reconcile --lake lake/demo [--refresh]

The questions and the answers are those of `chartlake.snowflake.reconcile` on an account.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from chartlake.snowflake.reconcile import reconcile
from chartlake.warehouse import WarehouseError, open_warehouse
from chartlake.warehouse.deploy import LOCAL_VARIABLES
from chartlake.warehouse.warehouse import warehouse_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Reconcile the warehouse with its lake; return the exit code."""
    parser = argparse.ArgumentParser(prog="make reconcile")
    parser.add_argument("--lake", type=Path, required=True, help="the folder that a demo left")
    parser.add_argument("--refresh", action="store_true", help="load what is missing")
    options = parser.parse_args(arguments)
    folder = options.lake / "warehouse"
    if not warehouse_file(folder).exists():
        sys.stderr.write(f"There is no warehouse in {folder} yet: run `make demo` first.\n")
        return 2
    mounts = {f"s3://{LOCAL_VARIABLES['bucket']}/": options.lake / "chartlake-curated"}
    try:
        with open_warehouse(folder, mounts) as warehouse:
            warehouse.deploy()
            return reconcile(warehouse.query, LOCAL_VARIABLES["database"], options.refresh)
    except WarehouseError as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
