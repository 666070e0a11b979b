"""Escapes untrusted text for a terminal, a log or a message."""

import re

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line breaks, marks that change the text direction, and surrogates."""


def printable(text: object) -> str:
    r"""Escape control characters: `\x1b` for an escape, `\n` for a line break.

    Everything else stays as it is, including accents, all scripts and joined emoji.
    """
    return _UNSEEN.sub(lambda found: repr(found[0])[1:-1], str(text))


def printable_lines(text: object) -> str:
    """Escape each line; line breaks are kept."""
    return "\n".join(map(printable, str(text).split("\n")))
