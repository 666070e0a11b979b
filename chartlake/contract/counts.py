"""Numbers with their noun: `1 raw file`, `2 raw files`. Every message that counts uses it."""


def counted(number: float, singular: str, plural: str | None = None) -> str:
    """Format a number with thousands separators, and the noun in singular or plural.

    A float is rounded to an integer. `plural` defaults to the singular with an s; both may include
    the verb: counted(1, "day depends", "days depend").
    """
    written = f"{number:,}" if isinstance(number, int) else f"{number:,.0f}"
    return f"{written} {singular if written == '1' else plural or singular + 's'}"
