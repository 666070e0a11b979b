"""Names of database objects, qualified and folded as Snowflake does."""

from typing import NamedTuple

from snowflake.connector.errors import ProgrammingError


class Name(NamedTuple):
    """A fully qualified name."""

    database: str
    schema: str
    name: str

    def __str__(self) -> str:
        """Return the name as in SQL, with dots."""
        return ".".join(self)


def name_in(text: str, database: str | None, schema: str | None) -> Name:
    """Qualify a name with the session's database and schema; unquoted names are upper-case.

    Raises ProgrammingError if the session has none.
    """
    parts = [part.strip('"').upper() for part in text.split(".")]
    complete = [database, schema][: 3 - len(parts)] + parts
    if len(complete) != 3 or None in complete:
        raise ProgrammingError(f"{text}: write the name in full, DATABASE.SCHEMA.NAME")
    return Name(*[part or "" for part in complete])
