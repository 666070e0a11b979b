"""Text from the charts -> a line of a mail: one line, of a known width, whatever a title holds."""

import unicodedata

WIDTH = 78
"""Columns of a line. RFC 5322, section 2.1.1, asks for no more than 78 characters."""
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""The invisible characters that words are spelled with: in Persian, in Indic scripts, in emoji."""
INVISIBLE = ("Mn", "Me", "Cf")


def plain(text: object) -> str:
    """Take out what is no text: line breaks, control characters, marks that turn its direction."""
    kept = "".join(" " if _is_control(character) else character for character in str(text or ""))
    return " ".join(kept.split()) or "(no title)"


def fit(text: str, columns: int) -> str:
    """Cut a text to a number of columns, and show by … that it was cut."""
    if width(text) <= columns:
        return text
    while text and width(text) >= columns:
        text = text[:-1]
    return text.rstrip() + "…"


def width(text: str) -> int:
    """Count columns: ideographs, kana and hangul take two, accents of their own none."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _is_control(character: str) -> bool:
    kind = unicodedata.category(character)
    return character not in JOINERS and (kind.startswith("C") or kind in ("Zl", "Zp"))
