"""JSON text -> typed columns, value by value: an unreadable value is null and affects no other.

Spark's own `from_json` drops an object, and with it the row, if one value has a different type
than declared. Spotify has sent whole numbers as `207959.0` and `4.9E7`, and objects in their place.
So the text is parsed into a variant, and each value is extracted as text and converted separately:

- text is read from JSON strings, and from numbers as written; blank text is null
- whole numbers are read in any notation (`12.0`, `1.2e1`), and from text that contains one
- true and false are read from booleans, and from text that contains one
- unreadable elements of lists are dropped
"""

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, BooleanType, DataType, StringType, StructType

NUMBER = r"^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?\z"
BLANK = r"\p{Z}\p{Cc}\p{Cf}"
"""Invisible characters: Unicode's spaces, controls and zero-width characters."""
NOT_BLANK = f"[^{BLANK}]"
PLAINLY_TEXT = rf"^(?:[^{BLANK}\[{{tf]|t(?!rue\z)|f(?!alse\z))"
"""Does not begin like a list, object or boolean. For other text, the type has to be looked up in
the variant, which is slower."""


def parse(text: Column) -> Column:
    """Parse JSON text into a variant; null if it is not JSON, or has duplicate fields."""
    return F.try_parse_json(text)


def value_at(variant: Column, path: Column) -> Column:
    """Extract a value from a variant, as a variant; null if there is none at this path."""
    return F.try_variant_get(variant, path, "variant")


def is_empty(variant: Column) -> Column:
    """Return whether a value is null or blank text. A missing value is not empty."""
    text = F.try_variant_get(variant, "$", "string")
    return F.coalesce(F.is_variant_null(variant) | ~text.rlike(NOT_BLANK), F.lit(False))


def loosen(variant: Column, ddl: str) -> Column:
    """Extract the fields that `ddl` declares from a variant, all as text.

    The result must become its own column before `convert` reads it: within one expression Spark
    extracts from the variant again for each field.
    """
    return F.try_variant_get(variant, "$", _loose(DataType.fromDDL(ddl)))


def convert(loose: Column, ddl: str, variant: Column, path: Column) -> Column:
    """Convert what `loosen` extracted from `variant` at `path` to the type that `ddl` declares.

    The type may contain structs, arrays, strings, whole numbers and booleans.
    """
    return _typed(loose, DataType.fromDDL(ddl), variant, path)


def _loose(declared: DataType) -> str:
    if isinstance(declared, StructType):
        fields = [f"{field.name}: {_loose(field.dataType)}" for field in declared]
        return f"struct<{', '.join(fields)}>"
    if isinstance(declared, ArrayType):
        return f"array<{_loose(declared.elementType)}>"
    return "string"


def _typed(loose: Column, declared: DataType, variant: Column, path: Column) -> Column:
    if isinstance(declared, StructType):
        fields = [
            _typed(loose[field.name], field.dataType, variant, child(path, field.name)).alias(
                field.name
            )
            for field in declared
        ]
        return F.when(loose.isNotNull(), F.struct(*fields))
    if isinstance(declared, ArrayType):
        element = declared.elementType
        each = F.transform(
            loose,
            lambda value, index: _typed(
                value,
                element,
                variant,
                F.concat(path, F.lit("["), index.cast("string"), F.lit("]")),
            ),
        )
        return F.array_compact(each)
    if isinstance(declared, StringType):
        return _text(loose, value_at(variant, path))
    if isinstance(declared, BooleanType):
        return boolean(loose)
    return _whole_number(loose, declared)


def child(path: Column, name: str) -> Column:
    """Return the path of a field of the object at a path."""
    return F.concat(path, F.lit(f".{name}"))


def boolean(loose: Column) -> Column:
    """Convert the text of a value to a boolean."""
    return F.when(loose == "true", True).when(loose == "false", False)


def _text(loose: Column, variant: Column) -> Column:
    is_text = ~F.schema_of_variant(variant).rlike("^(OBJECT|ARRAY|BOOLEAN)")
    return F.when(loose.rlike(PLAINLY_TEXT) | (loose.rlike(NOT_BLANK) & is_text), loose)


def _whole_number(loose: Column, declared: DataType) -> Column:
    is_whole = loose.rlike(NUMBER) & (loose.try_cast("double") % 1 == 0)
    return F.when(is_whole, loose.try_cast("decimal(38, 9)").try_cast(declared))
