"""Applies `snowflake/*.sql` to an account once AWS trusts it: `chartlake snowflake deploy ENV`.

It has two phases. The account's file creates the integrations; if AWS does not trust them yet, it
prints what the AWS stack needs, and stops. Run it again after that, and it continues with the
database. Every statement is safe to repeat: existing objects stay, only views, alerts and tasks are
replaced. `--only database` needs no ACCOUNTADMIN.
"""

import sys

from chartlake.contract.counts import counted
from chartlake.snowflake import trust
from chartlake.snowflake.account import session
from chartlake.snowflake.environments import (
    EnvironmentFileError,
    Variables,
    is_example,
    read_environment,
)
from chartlake.snowflake.snow_cli import run_files
from chartlake.snowflake.sql_files import ACCOUNT_FILE, database_files

UNTRUSTED = """\
AWS does not give Snowflake access to s3://{bucket}/curated/ yet: {reason}

Deploy the AWS stack with these, then run the same command again:
  the role {storage_role_arn}
    trusts {storage_user}, external id {storage_external_id}
  the role {alarm_role_arn}
    trusts {alarm_user}, external id {alarm_external_id}
"""

UNHEARD = """\
The bucket must notify this queue of each new object below curated/ that ends with .parquet:
  {queue}
Deploy the AWS stack with it, if it is new, then load the earlier files:
  chartlake reconcile --env {environment} --refresh
"""


def deploy_environment(environment: str, only: str | None) -> int:
    """Deploy what can be deployed; return 0, or 1 if AWS must be deployed first.

    `only` is "account" or "database", for one phase. Raises UserError.
    """
    variables = read_environment(environment)
    if is_example(variables):
        raise EnvironmentFileError(
            f"snowflake/environments/{environment}.toml still has the example"
            " account 000000000000: enter the outputs of the AWS stack first."
        )
    return _deploy(variables, environment, only)


def _deploy(variables: Variables, environment: str, only: str | None) -> int:
    if only != "database":
        _say(f"Account: {statements_of(run_files([ACCOUNT_FILE], variables), ACCOUNT_FILE.name)}")
        with session(variables, "ACCOUNTADMIN") as account:
            if reason := trust.refusal(account.query, variables):
                known = variables | vars(trust.principals(account.query, variables))
                _say(UNTRUSTED.format(**known, reason=reason))
                return 1
    if only != "account":
        files = database_files()
        done = statements_of(run_files(files, variables), counted(len(files), "file"))
        _say(f"Database {variables['database']}: {done}")
        with session(variables, f"{variables['prefix']}_OPERATOR") as account:
            for queue in trust.queues(account.query, variables):
                _say(UNHEARD.format(queue=queue, environment=environment))
    return 0


def statements_of(statements: int, files: str) -> str:
    """Describe what was run."""
    return f"{counted(statements, 'statement')} of {files}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
