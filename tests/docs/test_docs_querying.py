"""The queries of docs/querying.md run, and return the answers on the page.

A block `sql snowflake` or `sql athena` is followed by its answer; an answer that is called
`text climbers` is that of the question of this name, in both engines. If one is wrong,
`pytest -vv` shows the right one to paste.
"""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from chartlake.athena.stand_in import open_lake
from chartlake.athena.statements import QUERIES, read_statement
from chartlake.cli.tables import show_rows
from chartlake.warehouse import open_warehouse
from chartlake.warehouse.deploy import SQL_FOLDER
from tests.athena.test_athena_sql import snowflake_grains
from tests.marts.test_mart_sql import MARTS
from tests.support.chart_lake import write_lake

PAGE = Path(__file__).parents[2] / "docs/querying.md"
TEXT = PAGE.read_text(encoding="utf-8")
TOKENS = MarkdownIt().parse(TEXT)
FENCES = [token for token in TOKENS if token.type == "fence"]
WORKSHEETS = {path.stem: path for path in (SQL_FOLDER / "worksheets").glob("*.sql")}
WIDTH = 132
MORE = "…\n"

Ask = Callable[[str], list[dict[str, Any]]]


def examples() -> list[tuple[str, str, str]]:
    """Every SQL block of the page: its dialect, its text, and the answer that follows it."""
    return [
        (block.info.split()[1], block.content, answer.content)
        for block, answer in zip(FENCES, FENCES[1:], strict=False)
        if block.info.startswith("sql ")
    ]


def answers() -> dict[str, str]:
    """Every question's answer as the page shows it."""
    return {
        block.info.split()[1]: block.content for block in FENCES if block.info.startswith("text ")
    }


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ask]]:
    root = tmp_path_factory.mktemp("querying")
    lake = root / "lake"
    write_lake(lake)
    mounts = {"s3://chartlake-curated/": lake}
    with open_warehouse(root, mounts) as warehouse, open_lake(lake) as athena:
        warehouse.deploy()
        warehouse.load()
        warehouse.query("USE SCHEMA MARTS")
        yield {"snowflake": warehouse.query, "athena": athena.query}


def printed(rows: list[dict[str, Any]]) -> str:
    """What `chartlake sql` and `chartlake ask` print of an answer."""
    out = io.StringIO()
    show_rows(rows, Console(file=out, width=WIDTH, highlight=False, markup=False))
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return "\n".join(lines).strip("\n") + "\n"


def as_shown(rows: list[dict[str, Any]], shown: str) -> str:
    """The same, truncated as on the page."""
    whole = printed(rows)
    if not shown.endswith(MORE):
        return whole
    kept = whole.splitlines(keepends=True)[: shown.count("\n") - 1]
    return "".join(kept) + MORE


@pytest.mark.parametrize(("dialect", "sql", "shown"), examples())
def test_an_example_returns_the_answer_below_it(
    engines: dict[str, Ask], dialect: str, sql: str, shown: str
) -> None:
    assert as_shown(engines[dialect](sql.strip().removesuffix(";")), shown) == shown


@pytest.mark.parametrize("name", WORKSHEETS)
def test_a_question_returns_the_answer_on_the_page_in_both_engines(
    engines: dict[str, Ask], name: str
) -> None:
    shown = answers()[name]
    worksheet = WORKSHEETS[name].read_text(encoding="utf-8")
    query = read_statement(QUERIES / f"{name}.sql").sql
    assert as_shown(engines["snowflake"](worksheet), shown) == shown
    assert as_shown(engines["athena"](query), shown) == shown


def test_every_answer_is_below_its_own_question() -> None:
    sentences = {
        name: path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("-- ")
        for name, path in WORKSHEETS.items()
    }
    assert answers().keys() == sentences.keys()
    assert dict(sections()) == sentences


def sections() -> Iterator[tuple[str, str]]:
    """Every heading of the third level, with the paragraph below it."""
    for place, token in enumerate(TOKENS):
        if token.type == "heading_open" and token.tag == "h3":
            yield TOKENS[place + 1].content, TOKENS[place + 4].content


def test_every_block_states_its_kind() -> None:
    known = {"sql snowflake", "sql athena", "text", *(f"text {name}" for name in WORKSHEETS)}
    assert [block.info for block in FENCES if block.info not in known] == []
    followed = zip(FENCES, FENCES[1:], strict=False)
    assert [b.content for b, answer in followed if "sql" in b.info and answer.info != "text"] == []


def test_every_view_of_marts_is_listed_with_its_grain() -> None:
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (One row per .+) \|$", TEXT, re.MULTILINE))
    grains = snowflake_grains()
    views = [name.partition(".")[2] for name in MARTS]
    assert listed == {view: grains[view.lower()] for view in views}
