"""Turns text from the charts into one line of a mail, of known width, whatever a title contains."""

import unicodedata

WIDTH = 78
"""Columns of a line. RFC 5322, section 2.1.1, recommends no more than 78 characters."""
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Invisible characters that spelling needs: in Persian, in Indic scripts, in emoji."""
INVISIBLE = ("Mn", "Me", "Cf")


def plain(text: object) -> str:
    """Remove line breaks, control characters and marks that change the text direction."""
    kept = "".join(" " if _is_control(character) else character for character in str(text or ""))
    return " ".join(kept.split()) or "(no title)"


def fit(text: str, columns: int) -> str:
    """Cut a text to a number of columns; … shows that it was cut."""
    if width(text) <= columns:
        return text
    while text and width(text) >= columns:
        text = text[:-1]
    return text.rstrip() + "…"


def width(text: str) -> int:
    """Count columns: ideographs, kana and hangul take two, combining accents none."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _is_control(character: str) -> bool:
    kind = unicodedata.category(character)
    return character not in JOINERS and (kind.startswith("C") or kind in ("Zl", "Zp"))
