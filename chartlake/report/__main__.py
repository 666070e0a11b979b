"""Writes the report: `make report`, `make report SOURCE=athena ENV=dev`.

    python -m chartlake.report warehouse lake/demo --to lake/demo/report.html

The sources are `warehouse` and `lake` of a folder that a demo left, and `athena` and `snowflake` of
an environment.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from chartlake.report.bundle import BundleError
from chartlake.report.page import write_page
from chartlake.report.sources import (
    SourceError,
    athena_account,
    demo_warehouse,
    local_athena,
    snowflake_account,
)

SOURCES = {
    "warehouse": lambda place: demo_warehouse(Path(place)),
    "lake": lambda place: local_athena(Path(place)),
    "athena": athena_account,
    "snowflake": snowflake_account,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page and name its path; return 0, or 1 where it cannot be written."""
    parser = argparse.ArgumentParser(prog="make report", description="Write the report.")
    parser.add_argument("source", choices=SOURCES, help="what is asked")
    parser.add_argument("place", help="folder of a demo, or an environment: lake/demo, dev")
    parser.add_argument("--to", type=Path, required=True, help="the file to write")
    options = parser.parse_args(arguments)
    try:
        with SOURCES[options.source](options.place) as ask:
            write_page(ask, options.to)
    except (SourceError, BundleError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{options.to} cannot be written: {error.strerror}.\n")
        return 1
    sys.stdout.write(f"{options.to}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
