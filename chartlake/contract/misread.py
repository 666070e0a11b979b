"""Repairs UTF-8 that was read as Latin-1 or Windows-1252: `BeyoncÃ©` for `Beyoncé`.

The two encodings differ in 27 bytes. Windows-1252 leaves five others undefined; programs read those
as the control characters of Latin-1, as the WHATWG's Encoding Standard does. So each character maps
to one byte, whichever of the two encodings it was read by.
"""

_DIFFERENT = bytes(byte for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d")
WINDOWS_1252 = _DIFFERENT.decode("windows-1252")
"""The Windows-1252 characters for the bytes in which it differs from Latin-1, such as `€`."""

LATIN_1 = _DIFFERENT.decode("latin-1")
"""The Latin-1 characters for the same bytes, in the same order."""

_TO_LATIN_1 = str.maketrans(WINDOWS_1252, LATIN_1)


def as_it_was(text: str) -> str | None:
    """Return the text as it was before it was misread; None if it cannot have been misread."""
    try:
        return text.translate(_TO_LATIN_1).encode("latin-1").decode()
    except UnicodeError:
        return None
