"""Each file of `athena/` is one statement, with the same descriptions as in Snowflake."""

import re
from pathlib import Path

import pytest
from sqlglot import exp

from chartlake.athena.statements import QUERIES, VIEWS, views
from tests.marts.test_mart_sql import VIEWS as SNOWFLAKE

GUIDE = Path(__file__).parents[2] / "docs/athena.md"
FILES = [*VIEWS.glob("*.sql"), *QUERIES.glob("*.sql")]
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

OF_ATHENA_ALONE = {"current_runs"}
"""Views that Snowflake has in LANDING, where nobody but views reads them."""


def snowflake_grains() -> dict[str, str]:
    grains = {}
    for name, tree in SNOWFLAKE.items():
        schema, _, view = name.partition(".")
        comment = tree.find(exp.SchemaCommentProperty)
        if schema in ("CORE", "MARTS"):
            assert comment
            grains[view.lower()] = comment.this.name
    return grains


def test_athena_has_every_core_and_marts_view_with_the_same_grain() -> None:
    grains = {view.name: view.sentence for view in views()}
    assert {n: g for n, g in grains.items() if n not in OF_ATHENA_ALONE} == snowflake_grains()
    assert {grains[name][:12] for name in OF_ATHENA_ALONE} == {"One row per "}


@each_file
def test_a_file_is_comments_followed_by_one_statement(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.fullmatch(r"(-- [^\n]+\n)+[^;]+;\n", text)
    assert text.count("--") == text.count("\n--") + 1
    assert "/*" not in text


def test_the_guide_counts_the_tables_that_each_question_reads() -> None:
    reads: dict[str, int] = {}

    def tables_of(sql: str) -> int:
        landing = len(re.findall(r"\b(?:FROM|JOIN) chartlake_landing\.", sql))
        return landing + sum(reads[v] for v in re.findall(r"\b(?:FROM|JOIN) chartlake\.(\w+)", sql))

    for view in views():
        reads[view.name] = tables_of(view.sql)
    told = re.findall(r"^\| `(\w+)` \| (\d+) \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert told
    assert {name: int(n) for name, n in told} == {
        name: tables_of((QUERIES / f"{name}.sql").read_text("utf-8")) for name, _ in told
    }


@each_file
def test_every_table_is_qualified_with_its_database(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    read = re.findall(r"\b(?:FROM|JOIN) ([\w.]+)", text)
    made = set(re.findall(r"\b(\w+) AS \(", text))
    assert read
    assert [name for name in read if "." not in name and name not in made] == []
