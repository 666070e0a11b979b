"""Renders `snowflake/*.sql` and cuts it into statements, as `snow sql` does."""

import io
from collections.abc import Iterator
from pathlib import Path

import jinja2
from snowflake.connector.util_text import split_statements

SQL_FOLDER = Path(__file__).parents[2] / "snowflake"

LOCAL_VARIABLES = {
    "database": "CHARTLAKE",
    "bucket": "chartlake-curated",
    "storage_integration": "CHARTLAKE_S3",
}
"""What a local deployment fills in for each variable of the SQL files."""


def statements() -> Iterator[str]:
    """Yield every statement of the numbered SQL files, in order.

    Raises jinja2.UndefinedError for a variable without a local value.
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - SQL
    for path in sorted(SQL_FOLDER.glob("[0-9]*.sql")):
        text = environment.from_string(path.read_text(encoding="utf-8")).render(LOCAL_VARIABLES)
        for statement, _ in split_statements(io.StringIO(text), remove_comments=True):
            if bare := statement.strip().rstrip(";"):
                yield bare
