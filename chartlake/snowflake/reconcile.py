"""Lists files that Snowflake lacks, and why: `chartlake reconcile --env dev`; can load them.

The hourly task OPS.RECONCILE_HOURLY does the refreshing part by itself.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from chartlake.contract.counts import counted
from chartlake.contract.printable import printable_lines
from chartlake.contract.sql import Ask
from chartlake.snowflake.account import session
from chartlake.snowflake.environments import read_environment
from chartlake.snowflake.gaps import Fault, Gap, gaps, missing_manifests


def reconcile_account(environment: str, refresh: bool) -> int:
    """Reconcile an account; see `reconcile`. Raises UserError."""
    variables = read_environment(environment)
    with session(variables, f"{variables['prefix']}_OPERATOR") as account:
        return reconcile(account.query, variables["database"], refresh)


def reconcile(ask: Ask, database: str, refresh: bool) -> int:
    """Print what is missing, manifests first; with `refresh`, load just those folders.

    Returns 0 if nothing is missing or a refresh of all of it was requested, else 1.
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
    """Describe how much of a table has arrived."""
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
        _say(f"{refreshable} of {missing} can be loaded now: run it with --refresh.")
        return 1
    _say(f"Refreshed {refreshable} of {missing}. Snowpipe needs about a minute: run it again then.")
    return 0 if refreshable == missing else 1


def _say(text: str) -> None:
    sys.stdout.write(f"{printable_lines(text)}\n")
