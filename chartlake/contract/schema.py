"""How a table is declared: a name, its grain in a sentence, its key and its columns."""

from dataclasses import dataclass

TYPES = frozenset(
    {"int", "bigint", "boolean", "string", "double", "date", "timestamp", "array<string>"}
)
"""Hive type names that mean the same in Spark, Athena and Snowflake; timestamps are UTC millis."""


@dataclass(frozen=True)
class Column:
    """A column: its Hive type and its description, with the unit if it has one."""

    name: str
    type: str
    description: str
    nullable: bool = True
    is_added: bool = False
    """Whether it is newer than its table, so that existing warehouses must add it."""

    def __post_init__(self) -> None:
        """Reject a type that one of the three engines would read differently."""
        if self.type not in TYPES:
            raise ValueError(
                f"column {self.name}: type {self.type!r} is not one of {sorted(TYPES)}"
            )


@dataclass(frozen=True)
class Table:
    """A table: the key is unique within one run, and none of its columns is null."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in the order of every engine."""
        return tuple(column.name for column in self.columns)

    @property
    def ddl(self) -> str:
        """The columns as Spark and Hive declare them: `rank int, track_id string`."""
        return ", ".join(f"{column.name} {column.type}" for column in self.columns)


def required(name: str, type_: str, description: str) -> Column:
    """Declare a column that is never null."""
    return Column(name, type_, description, nullable=False)


def optional(name: str, type_: str, description: str) -> Column:
    """Declare a column that may be null; the description says what null means."""
    return Column(name, type_, description)


def added(name: str, type_: str, description: str) -> Column:
    """Declare an optional column that is newer than its table."""
    return Column(name, type_, description, is_added=True)
