"""Numbers with their noun: `1 raw file`, `2 raw files`. Every message that counts goes through it."""


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Write a number, with separators of thousands, and the noun in the form that agrees with it.

    `plural` is the singular with an s by default.
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
