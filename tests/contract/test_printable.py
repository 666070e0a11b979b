"""Control sequences are escaped; ordinary text is unchanged."""

import pytest

from chartlake.contract.printable import printable, printable_lines


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
        ("a\rb\nc\td\x00", r"a\rb\nc\td\x00"),
        ("\x9b31m\x7f\x85", r"\x9b31m\x7f\x85"),
        ("\u202egnp.exe\u2066", r"\u202egnp.exe\u2066"),
        ("one\u2028two", r"one\u2028two"),
        ("\ud800", r"\ud800"),
        ("<script>'; DROP TABLE x; -- {{ jinja }} [red]", None),
        ("夜明けの灯台 · نور · Ünï\u200d👩\u200d🎤 می\u200cخواهم", None),
        (r"\x1b", None),
        (7, "7"),
    ],
)
def test_a_text_is_made_safe_to_print(text, told):
    assert printable(text) == (text if told is None else told)


def test_line_breaks_can_be_kept():
    assert printable_lines("a\x1b\nb\r\n") == "a\\x1b\nb\\r\n"
