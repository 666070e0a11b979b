import pytest

from chartlake.counts import counted


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 raw files"), (1, "1 raw file"), (2, "2 raw files"), (1204, "1,204 raw files")],
)
def test_a_noun_agrees_with_its_number(number, text):
    assert counted(number, "raw file") == text


def test_a_noun_with_a_plural_of_its_own_uses_it():
    assert [counted(number, "entry", "entries") for number in (0, 1, 2)] == [
        "0 entries",
        "1 entry",
        "2 entries",
    ]
