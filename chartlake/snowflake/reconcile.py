"""Says which files Snowflake lacks and why, and has just those loaded: `make reconcile`.

    python -m chartlake.snowflake.reconcile dev [--refresh]

`python -m chartlake.warehouse.reconcile` does the same for the embedded warehouse of a demo. The
hourly task OPS.RECONCILE_HOURLY does the refreshing half by itself.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from chartlake.contract.counts import counted
from chartlake.contract.printable import printable_lines
from chartlake.snowflake.account import AccountError, Ask, session
from chartlake.snowflake.environments import EnvironmentFileError, read_environment
from chartlake.snowflake.gaps import Fault, Gap, gaps, missing_manifests


def main(arguments: Sequence[str] | None = None) -> int:
    """Reconcile an account; return 0 where nothing is missing, 1 where something is, 2 on error."""
    parser = argparse.ArgumentParser(prog="make reconcile")
    parser.add_argument("environment", help="a file of snowflake/environments, without .toml")
    parser.add_argument("--refresh", action="store_true", help="load what a refresh can load")
    options = parser.parse_args(arguments)
    try:
        variables = read_environment(options.environment)
        with session(variables, f"{variables['prefix']}_OPERATOR") as ask:
            return reconcile(ask, variables["database"], options.refresh)
    except (EnvironmentFileError, AccountError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def reconcile(ask: Ask, database: str, refresh: bool) -> int:
    """Print what is missing, manifests first; with `refresh`, have just those folders loaded.

    Returns 0 where nothing is missing or a refresh was asked for all of it, else 1.
    """
    now = datetime.now(UTC)
    manifests = missing_manifests(ask, database, now)
    for fault in manifests:
        _say(f"load_manifest/{fault.file}\n  {fault.reason}")
    folders = [_refresh_manifest(database, fault) for fault in manifests if fault.refreshable]
    if refresh:
        _run(ask, folders)
    found = gaps(ask, database, now)
    for gap in found:
        _show(gap)
    tables = [gap.refresh for gap in found if any(fault.refreshable for fault in gap.faults)]
    if refresh:
        _run(ask, tables)
    return _conclude(len(manifests) + len(found), len(folders) + len(tables), refresh)


def heading(gap: Gap) -> str:
    """Say how much of a table has arrived."""
    rows = f"{gap.rows_loaded:,} of {counted(gap.rows_expected, 'row')}"
    return f"{gap.table}: {rows} of {gap.snapshot_date}, run {gap.run_id}"


def _show(gap: Gap) -> None:
    _say(heading(gap))
    for fault in gap.faults:
        _say(f"  {fault.file}\n    {fault.reason}")
    if gap.unexplained:
        _say(f"  {gap.unexplained}")


def _refresh_manifest(database: str, fault: Fault) -> str:
    folder = fault.file.rpartition("/")[0]
    return f"ALTER PIPE {database}.LANDING.LOAD_MANIFEST_PIPE REFRESH PREFIX = '{folder}/'"


def _run(ask: Ask, statements: Sequence[str]) -> None:
    for statement in statements:
        _say(statement)
        ask(statement)


def _conclude(missing: int, refreshable: int, refresh: bool) -> int:
    if not missing:
        _say("Nothing is missing: every manifest in S3 is loaded, and so are the rows it promises.")
        return 0
    if not refresh:
        _say(f"{refreshable} of {missing} can be loaded now: run it with OPTIONS=--refresh.")
        return 1
    _say(f"Refreshed {refreshable} of {missing}. Snowpipe takes a minute or so: look again then.")
    return 0 if refreshable == missing else 1


def _say(text: str) -> None:
    sys.stdout.write(f"{printable_lines(text)}\n")


if __name__ == "__main__":
    sys.exit(main())
