"""The SQL matches the contract."""

import re
from datetime import date
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from chartlake.contract.paths import run_prefix
from chartlake.contract.schema import Table
from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from chartlake.warehouse.copy_statement import CopyStatement, read_copy
from chartlake.warehouse.deploy import SQL_FOLDER, statements
from chartlake.warehouse.names import name_in

SNOWFLAKE_TYPES = {
    "int": "DECIMAL(38, 0)",
    "bigint": "DECIMAL(38, 0)",
    "string": "VARCHAR",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMPLTZ",
    "array<string>": "ARRAY",
}
SOURCE_COLUMNS = [
    ("SRC_FILE", "VARCHAR"),
    ("SRC_ROW", "DECIMAL(38, 0)"),
    ("LOADED_AT", "TIMESTAMPLTZ"),
]
SOURCE_COMMENTS = [
    ("SRC_FILE", "File that the row came from, its key in the bucket"),
    ("SRC_ROW", "Line of that file"),
    ("LOADED_AT", "When the pipe began to read the file"),
]
STATEMENTS = list(statements())
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
each_core_table = pytest.mark.parametrize(
    "table", [table for table in TABLES if table is not LOAD_MANIFEST], ids=lambda table: table.name
)


def created(kind: str, schema: str, name: str) -> exp.Create:
    trees = [sqlglot.parse_one(s, read="snowflake") for s in STATEMENTS if f".{name}" in s]
    matches = [
        tree
        for tree in trees
        if isinstance(tree, exp.Create)
        and tree.kind == kind
        and (table := tree.find(exp.Table)) is not None
        and (table.db, table.name) == (schema, name)
    ]
    assert len(matches) == 1, f"{kind} {schema}.{name} is made {len(matches)} times"
    return matches[0]


def comment(tree: exp.Create) -> str:
    found = tree.find(exp.SchemaCommentProperty)
    return found.this.name if found else ""


def column_comments(tree: exp.Create) -> list[tuple[str, str]]:
    comments = [column.find(exp.CommentColumnConstraint) for column in tree.this.expressions]
    return [
        (column.name, found.this.name if found else "")
        for column, found in zip(tree.this.expressions, comments, strict=True)
    ]


def copy_of_pipe(table: Table) -> CopyStatement:
    pipe = f"CREATE PIPE IF NOT EXISTS CHARTLAKE.LANDING.{table.name.upper()}_PIPE\n"
    (statement,) = [s for s in STATEMENTS if s.startswith(pipe)]
    return read_copy(statement.partition("\nAS\n")[2], lambda text: name_in(text, None, None))


def column_types(tree: exp.Create) -> list[tuple[str, str]]:
    definitions = tree.this.expressions
    return [(column.name, column.kind.sql(dialect="snowflake")) for column in definitions]


@each_table
def test_a_landing_table_has_the_contracts_columns_and_its_source(table: Table) -> None:
    """A landing table has the contract's columns, and where each row came from."""
    expected = [(c.name.upper(), SNOWFLAKE_TYPES[c.type]) for c in table.columns]
    landing = created("TABLE", "LANDING", table.name.upper())
    assert column_types(landing) == expected + SOURCE_COLUMNS


@each_table
def test_a_landing_table_states_its_grain(table: Table) -> None:
    assert comment(created("TABLE", "LANDING", table.name.upper())) == table.grain


@each_table
def test_a_landing_table_describes_each_column(table: Table) -> None:
    landing = created("TABLE", "LANDING", table.name.upper())
    expected = [(column.name.upper(), column.description) for column in table.columns]
    assert column_comments(landing) == expected + SOURCE_COMMENTS


@each_table
def test_a_pipe_loads_the_files_that_a_run_publishes(table: Table) -> None:
    copy = copy_of_pipe(table)
    key = run_prefix(table.name, date(2026, 11, 1), "20261101T060000Z-0a1b2c")
    key = f"{key}/part-00000-5c1c-c000.snappy.parquet".removeprefix("curated/")
    assert copy.table.name == table.name.upper()
    assert copy.path == f"{table.name}/"
    assert key.startswith(copy.path)
    assert re.fullmatch(copy.pattern, key)


@each_table
@pytest.mark.parametrize(
    "key",
    [
        "{}/dt=2026-11-01/run=20261101T060000Z/_temporary/0/task_1/part-00000.snappy.parquet",
        "{}/_temporary/0/_temporary/a/dt=2026-11-01/run=20261101T060000Z/part-00000.parquet",
        "{}/.spark-staging-1/dt=2026-11-01/run=20261101T060000Z/part-00000.parquet",
        "{}/dt=2026-11-01/run=20261101T060000Z/_SUCCESS",
        "more_{}/dt=2026-11-01/run=20261101T060000Z/part-00000.parquet",
    ],
)
def test_a_pipe_leaves_unfinished_copies_alone(table: Table, key: str) -> None:
    assert not re.fullmatch(copy_of_pipe(table).pattern, key.format(table.name))


@each_core_table
def test_a_core_view_has_the_contracts_columns_except_the_run(table: Table) -> None:
    view = created("VIEW", "CORE", table.name.upper())
    assert view.expression.named_selects == [
        name.upper() for name in table.column_names if name != "run_id"
    ]
    assert comment(view) == table.grain


@each_core_table
def test_a_core_view_describes_each_column(table: Table) -> None:
    assert column_comments(created("VIEW", "CORE", table.name.upper())) == [
        (column.name.upper(), column.description)
        for column in table.columns
        if column.name != "run_id"
    ]


def test_loaded_rows_are_counted_for_every_table_of_the_contract() -> None:
    arrivals = created("VIEW", "LANDING", "ARRIVALS")
    counted = {
        (select.expressions[0].this.name, source.this.name)
        for select in arrivals.find_all(exp.Select)
        if (source := select.args.get("from_")) and source.this.db == "LANDING"
        if select.expressions[0].alias == "TABLE_NAME"
    }
    names = {table.name for table in TABLES if table is not LOAD_MANIFEST}
    assert counted == {(name, name.upper()) for name in names}


def test_the_sql_folder_has_no_python_that_hides_the_connector() -> None:
    assert list(Path(SQL_FOLDER).rglob("*.py")) == []
