"""Numbers with their noun: `1 raw file`, `2 raw files`. Every message that counts uses it."""


def counted(number: float, singular: str, plural: str | None = None) -> str:
    """Write a number, with separators of thousands, and the words in the form that agrees with it.

    A float is rounded to a whole number. `plural` is the singular with an s by default; both may
    hold the verb, too: counted(1, "day depends", "days depend").
    """
    written = f"{number:,}" if isinstance(number, int) else f"{number:,.0f}"
    return f"{written} {singular if written == '1' else plural or singular + 's'}"
