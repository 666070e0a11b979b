"""Every public view describes its rows and its columns."""

import re

import pytest
import sqlglot
from sqlglot import exp

from chartlake.contract.tables import TABLES
from chartlake.warehouse.deploy import statements

CREATE = re.compile(r"CREATE OR REPLACE VIEW CHARTLAKE\.(\w+\.\w+)")
VIEWS = {
    match[1]: sqlglot.parse_one(statement, read="snowflake")
    for statement in statements()
    if (match := CREATE.match(statement))
}
MARTS = [name for name in VIEWS if name.startswith("MARTS.")]
OF_THE_CONTRACT = {f"CORE.{table.name.upper()}" for table in TABLES}
DESCRIBED = [name for name in VIEWS if name not in OF_THE_CONTRACT]
CONTRACT: dict[str, set[str]] = {}
for _table in TABLES:
    for _column in _table.columns:
        CONTRACT.setdefault(_column.name.upper(), set()).add(_column.description)

NARROWER = {
    "MARTS.SONG_EXITS": {"SNAPSHOT_DATE"},
    "MARTS.SONG_LIFE_LINE": {"STREAK_DAYS"},
    "MARTS.SONG_RECORDS": {"LAST_CHARTED_ON"},
    "MARTS.SONG_MARKETS": {"PEAK_RANK", "DAYS_ON_CHART", "FIRST_CHARTED_ON", "LAST_CHARTED_ON"},
    "MARTS.RUN_LEDGER": {"CHART_NAME", "CAPTURED_AT", "PUBLISHED_AT"},
    "MARTS.ARTIST_SHARE": {"URL"},
    "LANDING.CURRENT_RUNS": {"RUN_ID"},
    "OPS.LATE_CHARTS": {"REASON"},
    "OPS.STUCK_RUNS": {"REASON"},
}
"""Columns that mean something narrower in a view than in the contract's table."""


def columns_of(view: str) -> dict[str, str]:
    """The columns that a view declares, each with its comment."""
    found = {}
    for column in VIEWS[view].this.expressions:
        comment = column.find(exp.CommentColumnConstraint)
        found[column.name] = comment.this.name if comment else ""
    return found


@pytest.mark.parametrize("view", DESCRIBED)
def test_a_view_states_its_grain(view: str) -> None:
    comment = VIEWS[view].find(exp.SchemaCommentProperty)
    assert comment
    assert comment.this.name.startswith("One row per ")


@pytest.mark.parametrize("view", DESCRIBED)
def test_a_view_selects_the_columns_that_it_describes(view: str) -> None:
    described = columns_of(view)
    assert VIEWS[view].expression.named_selects == list(described)
    assert [column for column, comment in described.items() if not comment] == []


@pytest.mark.parametrize("view", DESCRIBED)
def test_a_contract_column_has_the_contracts_description(view: str) -> None:
    contracted = {
        column: comment
        for column, comment in columns_of(view).items()
        if column in CONTRACT and column not in NARROWER.get(view, ())
    }
    assert {
        column: comment
        for column, comment in contracted.items()
        if not comment.startswith(tuple(CONTRACT[column]))
    } == {}
