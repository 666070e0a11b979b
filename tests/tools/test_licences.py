"""Every locked package has a licence that we may use, and nobody has to remember to look."""

from pathlib import Path

import pytest

from tools import licences
from tools.licences import EXCEPTIONS, allowed, installed, locked, refused

LOCKS = Path(__file__).parents[2] / "requirements"
AT_WORK = ("athena", "demo", "infra", "lambda")
"""Locks of what runs for somebody, and not only for who changes the code."""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    text = 'one==1.0 \\\n    --hash=sha256:0\ntwo-x==2 ; sys_platform == "win32" \\\n'
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("told", "sentences"),
    [
        ("MIT", []),
        ("Apache-2.0 OR BSD-3-Clause", []),
        ("Apache Software License; BSD License", []),
        ("GPL-3.0-only", ["a.txt: one is under GPL-3.0-only"]),
        ("MIT AND AGPL-3.0-only", ["a.txt: one is under AGPL-3.0-only"]),
        ("MIT OR Commercial", ["a.txt: one is under Commercial"]),
        ("", ["a.txt: one is not installed here, or names no licence"]),
    ],
)
def test_a_licence_that_nobody_thought_about_is_refused(lock, told, sentences):
    assert list(refused(lock, {"one": told}, {})) == sentences


def test_a_package_for_other_machines_is_passed_over_and_one_with_a_reason_allowed(lock):
    assert list(refused(lock, {"one": "MIT"}, {})) == []
    assert list(refused(lock, {"one": "MIT", "two-x": "SSPL"}, {})) == [
        "a.txt: two-x is under SSPL"
    ]
    assert list(refused(lock, {"one": "GPL"}, {"one": "a reason"})) == []
    assert list(refused(lock, {}, {})) == ["a.txt: one is not installed here, or names no licence"]


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ("License-Expression: MIT\nClassifier: License :: OSI Approved :: BSD License", "MIT"),
        (
            "License: long\nClassifier: License :: OSI Approved :: BSD License\n"
            "Classifier: License :: OSI Approved :: MIT License",
            "BSD License; MIT License",
        ),
        ("Classifier: License :: OSI Approved\nLicense: Apache-2.0", "Apache-2.0"),
        ("Summary: says nothing", ""),
    ],
)
def test_what_a_package_says_of_itself_is_read(tmp_path, metadata, told):
    place = tmp_path / "lib/python3.11/site-packages/A_b.c-1.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text(f"Metadata-Version: 2.4\nName: A_b.c\nVersion: 1\n{metadata}\n")
    assert installed(tmp_path) == {"a-b-c": told}


def test_every_exception_is_of_a_locked_package_and_says_why():
    everything = {name for lock in LOCKS.glob("*.txt") for name in locked(lock)}
    assert EXCEPTIONS.keys() - everything == set()
    assert all(": " in reason for reason in EXCEPTIONS.values())


def test_of_what_runs_for_somebody_one_package_alone_is_not_permissive():
    for name in AT_WORK:
        assert locked(LOCKS / f"{name}.txt").keys() & EXCEPTIONS.keys() <= {"certifi"}


def test_the_locks_of_this_repository_hold_nothing_else(capsys):
    assert licences.main([]) == 0, capsys.readouterr().err
    assert "every licence is one that we may use" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("packages", "sentence"),
    [
        (0, "0 locked packages: every licence is one that we may use."),
        (1, "1 locked package: every licence is one that we may use."),
        (2, "2 locked packages: every licence is one that we may use."),
    ],
)
def test_the_packages_whose_licences_are_allowed_are_counted(packages, sentence):
    assert allowed(packages) == sentence
