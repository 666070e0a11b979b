"""Turns text from the charts into one line of a mail, of known width, whatever a title contains."""

import unicodedata

from wcwidth import wcswidth

WIDTH = 78
"""Columns of a line. RFC 5322, section 2.1.1, recommends no more than 78 characters."""
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Invisible characters that spelling needs: in Persian, in Indic scripts, in emoji."""


def plain(text: object) -> str:
    """Remove line breaks, control characters and marks that change the text direction."""
    kept = "".join(" " if _is_control(character) else character for character in str(text or ""))
    return " ".join(kept.split()) or "(no title)"


def fit(text: str, columns: int) -> str:
    """Cut a text to a number of columns; … shows that it was cut."""
    if wcswidth(text) <= columns:
        return text
    while text and wcswidth(text) >= columns:
        text = text[:-1]
    return text.rstrip() + "…"


def _is_control(character: str) -> bool:
    kind = unicodedata.category(character)
    return character not in JOINERS and (kind.startswith("C") or kind in ("Zl", "Zp"))
