"""Applies `snowflake/*.sql` to an account, as far as AWS trusts it yet: `make snowflake-deploy`.

    python -m chartlake.snowflake.deploy dev [--only account|database]

It goes in two phases. The account's file makes the integrations; if AWS does not let them in yet,
it says what the AWS stack has to know, and stops. Run it again after that, and it goes on with the
database. Every statement may run twice: what is there stays, only views and what runs by itself are
replaced. `--only database` needs no ACCOUNTADMIN.
"""

import argparse
import sys
from collections.abc import Sequence

from chartlake.contract.counts import counted
from chartlake.snowflake import trust
from chartlake.snowflake.account import AccountError, session
from chartlake.snowflake.environments import (
    EnvironmentFileError,
    Variables,
    is_example,
    read_environment,
)
from chartlake.snowflake.snow_cli import SnowError, run_files
from chartlake.snowflake.sql_files import ACCOUNT_FILE, database_files

UNTRUSTED = """\
AWS does not let Snowflake into s3://{bucket}/curated/ yet: {reason}

Deploy the AWS stack with these, then run the same command again:
  the role {storage_role_arn}
    trusts {storage_user}, external id {storage_external_id}
  the role {alarm_role_arn}
    trusts {alarm_user}, external id {alarm_external_id}
"""

UNHEARD = """\
The bucket must tell this queue of each new object below curated/ that ends with .parquet:
  {queue}
Deploy the AWS stack with it if it does not know it yet, then load what came before:
  make reconcile ENV={environment} OPTIONS=--refresh
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Deploy what can be deployed; return 0, 2 for a user's mistake, 3 where AWS must go first."""
    options = _options(arguments)
    try:
        variables = read_environment(options.environment)
        if is_example(variables):
            raise EnvironmentFileError(
                f"snowflake/environments/{options.environment}.toml still holds the example"
                " account 000000000000: put the outputs of the AWS stack into it first."
            )
        return _deploy(variables, options)
    except (EnvironmentFileError, SnowError, AccountError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make snowflake-deploy")
    parser.add_argument("environment", help="a file of snowflake/environments, without .toml")
    parser.add_argument("--only", choices=("account", "database"), help="one phase alone")
    return parser.parse_args(arguments)


def _deploy(variables: Variables, options: argparse.Namespace) -> int:
    if options.only != "database":
        _say(f"Account: {statements_of(run_files([ACCOUNT_FILE], variables), ACCOUNT_FILE.name)}")
        with session(variables, "ACCOUNTADMIN") as ask:
            if reason := trust.refusal(ask, variables):
                known = variables | vars(trust.principals(ask, variables))
                _say(UNTRUSTED.format(**known, reason=reason))
                return 3
    if options.only != "account":
        files = database_files()
        told = statements_of(run_files(files, variables), counted(len(files), "file"))
        _say(f"Database {variables['database']}: {told}")
        with session(variables, f"{variables['prefix']}_OPERATOR") as ask:
            for queue in trust.queues(ask, variables):
                _say(UNHEARD.format(queue=queue, environment=options.environment))
    return 0


def statements_of(statements: int, files: str) -> str:
    """Say what was run."""
    return f"{counted(statements, 'statement')} of {files}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
