"""Text that is UTF-8 and was read as Latin-1 or as Windows-1252: `BeyoncÃ©` for `Beyoncé`.

The two encodings differ in 27 bytes. Windows-1252 leaves five others undefined; programs read those
as the control characters of Latin-1, as the WHATWG's Encoding Standard does. So each character
stands for one byte, whichever of the two encodings it was read by.
"""

_DIFFERENT = bytes(byte for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d")
WINDOWS_1252 = _DIFFERENT.decode("windows-1252")
"""What Windows-1252 has for the bytes in which it differs from Latin-1, such as `€`."""

LATIN_1 = _DIFFERENT.decode("latin-1")
"""What Latin-1 has for the same bytes, in the same order."""

_TO_LATIN_1 = str.maketrans(WINDOWS_1252, LATIN_1)


def as_it_was(text: str) -> str | None:
    """Return what a text was before it was misread; None for one that cannot have been."""
    try:
        return text.translate(_TO_LATIN_1).encode("latin-1").decode()
    except UnicodeError:
        return None
