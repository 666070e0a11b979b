"""Tests `snowflake/` on a real account, in a database that exists for minutes.

    chartlake snowflake smoke ENV

It deploys everything except the account's file as CHARTLAKE_SMOKE_<time>, has the pipes load three
days from the environment's bucket, compares CORE with the manifests, queries every view, and always
drops the database. The roles, the warehouse and the integrations are those of the environment,
which must be deployed. The warehouse is billed for the minutes; no automated test runs it.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from chartlake.contract.counts import counted
from chartlake.contract.sql import Ask
from chartlake.snowflake.account import session
from chartlake.snowflake.environments import EnvironmentFileError, is_example, read_environment
from chartlake.snowflake.smoke_steps import SmokeError, check_core, count_views, load, newest_days
from chartlake.snowflake.snow_cli import run_files
from chartlake.snowflake.sql_files import database_files


def smoke_test(name: str) -> int:
    """Test an environment; return 0 if all is well, else 1. Raises UserError."""
    variables = read_environment(name)
    if is_example(variables):
        raise EnvironmentFileError(f"{name}.toml still has the example account.")
    database = f"CHARTLAKE_SMOKE_{datetime.now(UTC):%Y%m%d_%H%M%S}"
    smoke = variables | {"database": database, "watch": "SUSPEND"}
    with session(variables, f"{variables['prefix']}_OPERATOR") as account:
        return try_out(account.query, database, lambda: run_files(database_files(), smoke))


def try_out(
    ask: Ask,
    database: str,
    deploy: Callable[[], object],
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Deploy, load, check and drop; return 0 if all is well, else 1."""
    _say(f"Deploying {database}")
    try:
        deploy()
        folders = newest_days(ask, database, datetime.now(UTC))
        load(ask, database, folders, pause)
        _say(f"{counted(len(folders), 'day is', 'days are')} complete")
        check_core(ask, database)
        for name, rows in count_views(ask, database).items():
            _say(f"{rows:>10,}  {name}")
    except SmokeError as error:
        _say(f"The smoke test failed: {error}")
        return 1
    finally:
        ask("USE ROLE SYSADMIN")
        ask(f"DROP DATABASE IF EXISTS {database}")
        _say(f"Dropped {database}")
    _say("All checks passed.")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
