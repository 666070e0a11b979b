"""`athena/views/*.sql` in dependency order, and the queries of `queries/`.

A file is one statement under one comment, whose first line is the grain of a view or the question
of a query. Uses only the standard library.
"""

import re
from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

from chartlake.resources import ATHENA

VIEWS, QUERIES = ATHENA / "views", ATHENA / "queries"

DATABASE = "chartlake"
"""The database of the views; the tables that they read are in chartlake_landing."""

_VIEW_READ = re.compile(rf"\b(?:FROM|JOIN)\s+{DATABASE}\.(\w+)", re.IGNORECASE)
_HEAD = re.compile(r"\A(?:--[^\n]*\n|\s+)*")


class Statement(NamedTuple):
    """One file: its name, the first line of its comment, and its SQL without comment and ;."""

    name: str
    sentence: str
    sql: str


def views(folder: Path = VIEWS) -> Iterator[Statement]:
    """Yield every view after the views that it reads; ties by name."""
    found = {path.stem: read_statement(path) for path in sorted(folder.glob("*.sql"))}
    reads = {name: sorted(set(_VIEW_READ.findall(view.sql))) for name, view in found.items()}
    for name in TopologicalSorter(reads).static_order():
        yield found[name]


def queries(folder: Path = QUERIES) -> Iterator[Statement]:
    """Yield every query of the pack, by name."""
    for path in sorted(folder.glob("*.sql")):
        yield read_statement(path)


def twice_named(names: Sequence[str]) -> str | None:
    """Describe a duplicate column name of a result; None if there is none."""
    twice = sorted({name for name in names if names.count(name) > 1})
    return f"Two columns are called {twice[0]}: name one of them with AS." if twice else None


def find_question(file: Path) -> Path:
    """Find a query file: a path, or the name of one in the package."""
    packaged = QUERIES / file.name
    return packaged if not file.exists() and packaged.exists() else file


def read_statement(path: Path) -> Statement:
    """Read one file. Athena's API takes one statement, and its DDL does not take every comment."""
    text = path.read_text(encoding="utf-8")
    head = _HEAD.match(text)
    comment = head[0] if head else ""
    sentence = comment.partition("\n")[0].removeprefix("--").strip()
    return Statement(path.stem, sentence, text[len(comment) :].strip().removesuffix(";").rstrip())
