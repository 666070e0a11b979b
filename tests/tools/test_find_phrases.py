"""Phrases that this project used to misuse are found, and the repository has none."""

import pytest

from tools.find_phrases import EXCEPTIONS, ROOT, found_in, main


@pytest.mark.parametrize(
    ("line", "phrase"),
    [
        ("a name that is none", "that is none"),
        ("it is no instant with a time zone", "is no instant"),
        ("kept unless told otherwise", "unless told"),
        ("the run goes on without you", "goes on"),
        ("1 files were read", "1 files"),
    ],
)
def test_a_misused_phrase_is_found_with_its_line(line, phrase):
    assert (2, phrase) in [found[:2] for found in found_in(f"fine\n{line}\n")]


def test_plain_sentences_are_left_alone():
    assert list(found_in("1 file was read; null if there is none.\nit is not None")) == []


def test_the_repository_has_none_of_them(capsys):
    assert main() == 0, capsys.readouterr().out


def test_every_exception_names_a_file_and_a_reason():
    for (name, _), reason in EXCEPTIONS.items():
        assert (ROOT / name).exists()
        assert len(reason.split()) > 1
