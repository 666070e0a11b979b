"""Text from outside -> text for a terminal, a log or a message, which it cannot take over."""

import re

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves a cursor, breaks a line, turns the direction of writing round, or is no character."""


def printable(text: object) -> str:
    r"""Write out what a terminal would obey: `\x1b` for an escape, `\n` for a line break.

    All else stays as it is, accents, scripts and joined emoji too.
    """
    return _UNSEEN.sub(lambda found: repr(found[0])[1:-1], str(text))


def printable_lines(text: object) -> str:
    """Do so line by line: line breaks stay."""
    return "\n".join(map(printable, str(text).split("\n")))
