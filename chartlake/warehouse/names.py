"""Names of databases' objects, the way Snowflake completes and folds them."""

from typing import NamedTuple

from snowflake.connector.errors import ProgrammingError


class Name(NamedTuple):
    """A complete name."""

    database: str
    schema: str
    name: str

    def __str__(self) -> str:
        """Write it as SQL does, with dots."""
        return ".".join(self)


def name_in(text: str, database: str | None, schema: str | None) -> Name:
    """Complete a name with the session's database and schema; unquoted names are upper-case.

    Raises ProgrammingError where the session has none to complete it with.
    """
    parts = [part.strip('"').upper() for part in text.split(".")]
    complete = [database, schema][: 3 - len(parts)] + parts
    if len(complete) != 3 or None in complete:
        raise ProgrammingError(f"{text}: write the name in full, DATABASE.SCHEMA.NAME")
    return Name(*[part or "" for part in complete])
