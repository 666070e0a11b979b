"""JSON text -> typed columns, value by value: what cannot be read is null and costs nothing else.

Spark's own `from_json` gives up an object, and with it the row, where one value has another type
than declared. Spotify has sent whole numbers as `207959.0` and `4.9E7`, and objects in their place.
So the text is parsed into a variant, of which each value is taken as text and converted alone:

- text is read from JSON text, and from numbers as they are written; blank text is null
- whole numbers are read however they are written (`12.0`, `1.2e1`), and from text that holds one
- true and false are read from booleans, and from text that holds one
- in lists, what cannot be read is left out
"""

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, BooleanType, DataType, StringType, StructType

NUMBER = r"^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?\z"
BLANK = r"\p{Z}\p{Cc}\p{Cf}"
"""Characters that nobody sees: Unicode's spaces, controls, and what is written without width."""
NOT_BLANK = f"[^{BLANK}]"
PLAINLY_TEXT = rf"^(?:[^{BLANK}\[{{tf]|t(?!rue\z)|f(?!alse\z))"
"""Begins like no list, object or boolean. Of other text, the value in the variant has to be asked
what it is, which takes longer."""


def parse(text: Column) -> Column:
    """Parse JSON text into a variant; null where it is not JSON, or names a field twice."""
    return F.try_parse_json(text)


def value_at(variant: Column, path: Column) -> Column:
    """Take a value out of a variant, as a variant; null where there is none at this path."""
    return F.try_variant_get(variant, path, "variant")


def is_empty(variant: Column) -> Column:
    """Say whether a value is null or blank text. What is missing is not empty."""
    text = F.try_variant_get(variant, "$", "string")
    return F.coalesce(F.is_variant_null(variant) | ~text.rlike(NOT_BLANK), F.lit(False))


def loosen(variant: Column, ddl: str) -> Column:
    """Take the fields that `ddl` declares out of a variant, all of them as text.

    It must become a column of its own before `convert` reads it: within one expression Spark takes
    the variant apart again for each field.
    """
    return F.try_variant_get(variant, "$", _loose(DataType.fromDDL(ddl)))


def convert(loose: Column, ddl: str, variant: Column, path: Column) -> Column:
    """Read what `loosen` took out of `variant` at `path` as the type that `ddl` declares.

    The type is made of structs, arrays, strings, whole numbers and booleans.
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
    """Name the path of a field of the object at a path."""
    return F.concat(path, F.lit(f".{name}"))


def boolean(loose: Column) -> Column:
    """Read the text of a value as a boolean."""
    return F.when(loose == "true", True).when(loose == "false", False)


def _text(loose: Column, variant: Column) -> Column:
    is_text = ~F.schema_of_variant(variant).rlike("^(OBJECT|ARRAY|BOOLEAN)")
    return F.when(loose.rlike(PLAINLY_TEXT) | (loose.rlike(NOT_BLANK) & is_text), loose)


def _whole_number(loose: Column, declared: DataType) -> Column:
    is_whole = loose.rlike(NUMBER) & (loose.try_cast("double") % 1 == 0)
    return F.when(is_whole, loose.try_cast("decimal(38, 9)").try_cast(declared))
