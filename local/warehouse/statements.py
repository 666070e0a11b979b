"""Statements that fakesnow lacks or gets wrong, and the SQL that stands in for each.

A stand-in does its work at once; the SQL that it returns only reports what was done.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection
from snowflake.connector.errors import ProgrammingError

from local.warehouse import history
from local.warehouse.copy_statement import read_copy
from local.warehouse.loading import run_copy
from local.warehouse.names import Name

if TYPE_CHECKING:
    from local.warehouse.account import Account

OBJECT = r"(?P<name>[\w.\"$]+)"
LEADING_COMMENTS = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)


@dataclass(frozen=True)
class Session:
    """What a statement may touch: the account, its DuckDB, and how to complete a name."""

    account: "Account"
    duck: DuckDBPyConnection
    name_of: Callable[[str], Name]


def answer(
    statement: str, account: "Account", duck: DuckDBPyConnection, name_of: Callable[[str], Name]
) -> str | None:
    """Do what fakesnow cannot, and return SQL that reports it; None leaves it to fakesnow."""
    bare = LEADING_COMMENTS.sub("", statement, count=1).rstrip("; \n")
    session = Session(account, duck, name_of)
    for pattern, handle in ROUTES:
        if match := pattern.match(bare):
            return handle(session, match)
    return None


def _say(sentence: str) -> str:
    return "SELECT '{}' AS \"status\"".format(sentence.replace("'", "''"))


def _note(session: Session, match: re.Match[str]) -> str:
    session.account.not_emulated.append(match.string)
    return _say("Statement noted, not emulated.")


def _keep_table(session: Session, match: re.Match[str]) -> str | None:
    # fakesnow forgets a table's load history when it sees CREATE TABLE a second time.
    name = session.name_of(match["name"])
    return _say(f"{name.name} already exists.") if history.columns(session.duck, name) else None


def _create_pipe(session: Session, match: re.Match[str]) -> str:
    name, pipes = session.name_of(match["name"]), session.account.pipes
    if name in pipes and not match["replace"]:
        if match["lenient"]:
            return _say(f"{name.name} already exists.")
        raise ProgrammingError(f"Pipe '{name}' already exists.", errno=2002, sqlstate="42710")
    pipes[name] = match["copy"]
    if match["replace"]:
        copy = read_copy(match["copy"], session.name_of)
        history.forget(session.duck, copy.table)
    return _say(f"Pipe {name.name} successfully created.")


def _refresh_pipe(session: Session, match: re.Match[str]) -> str:
    name = session.name_of(match["name"])
    if name not in session.account.pipes:
        raise ProgrammingError(f"Pipe '{name}' does not exist.", errno=2003, sqlstate="02000")
    copy = read_copy(session.account.pipes[name], session.name_of)
    return run_copy(session.duck, copy, session.account.mounts)


def _copy(session: Session, match: re.Match[str]) -> str | None:
    copy = read_copy(match.string, session.name_of)
    return run_copy(session.duck, copy, session.account.mounts)


def _route(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


ROUTES: tuple[tuple[re.Pattern[str], Callable[[Session, re.Match[str]], str | None]], ...] = (
    (
        _route(
            r"(GRANT|REVOKE)\b|EXECUTE\s+(TASK|ALERT)\b|USE\s+(ROLE|WAREHOUSE|SECONDARY)\b|"
            r"(CREATE|ALTER|DROP)\s+(OR\s+(REPLACE|ALTER)\s+)?"
            r"(ROLE|DATABASE\s+ROLE|WAREHOUSE|RESOURCE\s+MONITOR|TASK|ALERT|"
            r"(STORAGE|NOTIFICATION|API|SECURITY)\s+INTEGRATION)\b|"
            rf"ALTER\s+PIPE\s+(IF\s+EXISTS\s+)?{OBJECT}\s+(SET|UNSET)\b"
        ),
        _note,
    ),
    (_route(rf"CREATE\s+TABLE\s+IF\s+NOT\s+EXISTS\s+{OBJECT}"), _keep_table),
    (
        _route(
            r"CREATE\s+(?P<replace>OR\s+REPLACE\s+)?PIPE\s+(?P<lenient>IF\s+NOT\s+EXISTS\s+)?"
            rf"{OBJECT}.*?\bAS\s+(?P<copy>COPY\s+INTO\b.*)"
        ),
        _create_pipe,
    ),
    (_route(rf"ALTER\s+PIPE\s+(IF\s+EXISTS\s+)?{OBJECT}\s+REFRESH\b"), _refresh_pipe),
    (_route(r"COPY\s+INTO\b[^;]*\bINCLUDE_METADATA\b"), _copy),
)
"""How a statement begins, and who handles it; the first match wins."""
