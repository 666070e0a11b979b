"""Statements that fakesnow lacks or gets wrong, and the SQL that stands in for each.

A stand-in does its work immediately; the SQL that it returns only reports the result.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection
from snowflake.connector.errors import ProgrammingError

from chartlake.warehouse import history
from chartlake.warehouse.copy_statement import read_copy
from chartlake.warehouse.loading import files_below, mounted, run_copy, stage_url
from chartlake.warehouse.names import Name

if TYPE_CHECKING:
    from chartlake.warehouse.account import Account

OBJECT = r"(?P<name>[\w.\"$]+)"
LEADING_COMMENTS = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)


@dataclass(frozen=True)
class Session:
    """What a statement may use: the account, its DuckDB, and how to qualify a name."""

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
    return f'SELECT {_literal(sentence)} AS "status"'


def _note(session: Session, match: re.Match[str]) -> str:
    session.account.not_emulated.append(match.string)
    return _say("Statement accepted, not emulated.")


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
    return run_copy(session.duck, copy, session.account.mounts, match["prefix"] or "")


def _copy(session: Session, match: re.Match[str]) -> str | None:
    copy = read_copy(match.string, session.name_of)
    return run_copy(session.duck, copy, session.account.mounts)


def _list_stage(session: Session, match: re.Match[str]) -> str:
    """List the files as Snowflake does, with the bucket; md5 stays empty."""
    url = stage_url(session.duck, session.name_of(match["name"]))
    root, _ = mounted(url, session.account.mounts)
    files = [(path, Path(root, path).stat()) for path in files_below(root, match["path"] or "")]
    rows = ", ".join(
        f"({_literal(url + path)}, {stat.st_size}, '', '{formatdate(stat.st_mtime, usegmt=True)}')"
        for path, stat in files
    )
    columns = 'column1 AS "name", column2 AS "size", column3 AS "md5", column4 AS "last_modified"'
    nothing = "('', 0, '', '')"
    return f"SELECT {columns} FROM VALUES {rows or nothing} WHERE column1 != ''"  # noqa: S608 - texts are quoted by _literal


def _copy_history(session: Session, match: re.Match[str]) -> str:
    history_of = history.copy_history(session.name_of(match["table"]))
    return f"{match['before']}{history_of}{match['after']}"


def _plain_schema(session: Session, match: re.Match[str]) -> str:
    # Managed access is about grants, which are not emulated either.
    return f"{match['before']} {match['after']}"


def _literal(text: str) -> str:
    return "'{}'".format(text.replace("'", "''"))


def _route(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


ROUTES: tuple[tuple[re.Pattern[str], Callable[[Session, re.Match[str]], str | None]], ...] = (
    (
        _route(
            r"(GRANT|REVOKE)\b|EXECUTE\s+(TASK|ALERT)\b|USE\s+(ROLE|WAREHOUSE|SECONDARY)\b|"
            r"(CREATE|ALTER|DROP)\s+(OR\s+(REPLACE|ALTER)\s+)?"
            r"(ROLE|DATABASE\s+ROLE|WAREHOUSE|RESOURCE\s+MONITOR|TASK|ALERT|PROCEDURE|"
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
    (
        _route(
            rf"ALTER\s+PIPE\s+(IF\s+EXISTS\s+)?{OBJECT}\s+REFRESH\b"
            r"(\s+PREFIX\s*=\s*'(?P<prefix>[^']*)')?"
        ),
        _refresh_pipe,
    ),
    (_route(r"COPY\s+INTO\b[^;]*\bINCLUDE_METADATA\b"), _copy),
    (_route(rf"(LIST|LS)\s+@{OBJECT}(/(?P<path>\S*))?$"), _list_stage),
    (
        _route(r"(?P<before>CREATE\s+SCHEMA\b.*?)\s+WITH\s+MANAGED\s+ACCESS\b(?P<after>.*)"),
        _plain_schema,
    ),
    (
        _route(
            r"(?P<before>.*?)\bTABLE\s*\(\s*[\w.]*\bINFORMATION_SCHEMA\.COPY_HISTORY\s*\("
            r"\s*TABLE_NAME\s*=>\s*'(?P<table>[^']+)'.*?\)\s*\)(?P<after>\s*(WHERE|AS|ORDER|$).*)"
        ),
        _copy_history,
    ),
)
"""The start of a statement, and its handler; the first match wins."""
