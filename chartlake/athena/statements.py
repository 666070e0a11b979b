"""`athena/views/*.sql` in an order in which each can be made, and the questions of `queries/`.

A file is one statement under one comment: a view's first line is its grain, a question's is the
question. Standard library alone.
"""

import re
from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[2] / "athena"
VIEWS, QUERIES = FOLDER / "views", FOLDER / "queries"

DATABASE = "chartlake"
"""Where the views are; the tables that they read are in chartlake_landing."""

_VIEW_READ = re.compile(rf"\b(?:FROM|JOIN)\s+{DATABASE}\.(\w+)", re.IGNORECASE)
_HEAD = re.compile(r"\A(?:--[^\n]*\n|\s+)*")


class Statement(NamedTuple):
    """One file: its name, the first line of its comment, and its SQL without comment and ;."""

    name: str
    sentence: str
    sql: str


def views(folder: Path = VIEWS) -> Iterator[Statement]:
    """Yield every view after the views that it reads; equal ranks by name."""
    found = {path.stem: read_statement(path) for path in sorted(folder.glob("*.sql"))}
    reads = {name: sorted(set(_VIEW_READ.findall(view.sql))) for name, view in found.items()}
    for name in TopologicalSorter(reads).static_order():
        yield found[name]


def queries(folder: Path = QUERIES) -> Iterator[Statement]:
    """Yield every question of the pack, by name."""
    for path in sorted(folder.glob("*.sql")):
        yield read_statement(path)


def twice_named(names: Sequence[str]) -> str | None:
    """Say which column of an answer has the name of another one; None where none has."""
    twice = sorted({name for name in names if names.count(name) > 1})
    return f"Two columns are called {twice[0]}: name one of them with AS." if twice else None


def read_statement(path: Path) -> Statement:
    """Read one file. Athena's API takes one statement, and its DDL not every comment."""
    text = path.read_text(encoding="utf-8")
    head = _HEAD.match(text)
    comment = head[0] if head else ""
    sentence = comment.partition("\n")[0].removeprefix("--").strip()
    return Statement(path.stem, sentence, text[len(comment) :].strip().removesuffix(";").rstrip())
