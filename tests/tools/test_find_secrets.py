"""Secrets are found in committed files, in uncommitted ones, and where they were removed."""

import subprocess
from pathlib import Path

import pytest

from tools import find_secrets
from tools.find_secrets import added_lines, find, lines_of

# In two halves: the check reads this file, too.
AWS_KEY = "AKIA" + "Q4ZXCVBNMLKJHGFD"
TOKEN = "ghp_" + "a8Kd93jLmQ0x" + "T5vWnB2yRc7u" + "Ei4oPz6sHf1G"
KEY_FILE = "-----BEGIN RSA " + "PRIVATE KEY-----\nabc\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "user.email", "a@example.com")
    git(tmp_path, "config", "user.name", "a")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a change")


def test_a_secret_that_was_removed_again_is_found(repository):
    commit(repository, "settings.py", f'KEY = "{AWS_KEY}"\n')
    commit(repository, "settings.py", "KEY = None\n")
    assert find(lines_of(repository)) == ["settings.py: AWS Access Key, after 'KEY = \"'"]


def test_a_secret_in_another_branch_is_found(repository):
    commit(repository, "a.py", "A = 1\n")
    git(repository, "checkout", "-qb", "other")
    commit(repository, "deep/a file.pem", KEY_FILE)
    git(repository, "checkout", "-q", "-")
    assert find(lines_of(repository)) == ["deep/a file.pem: Private Key, after '-----'"]


def test_an_uncommitted_secret_is_found_unless_git_ignores_it(repository):
    commit(repository, ".gitignore", "ignored\n")
    (repository / "new.toml").write_text(f'token = "{TOKEN}"\n', encoding="utf-8")
    (repository / "ignored").write_text(f'token = "{TOKEN}"\n', encoding="utf-8")
    found = find(lines_of(repository))
    assert {line.partition(":")[0] for line in found} == {"new.toml"}
    assert any("GitHub Token" in line for line in found)


def test_findings_do_not_contain_the_secret(repository, monkeypatch, capsys):
    commit(repository, "a.py", f'KEY = "{AWS_KEY}"\n')
    monkeypatch.setattr(find_secrets, "ROOT", repository)
    assert find_secrets.main() == 1
    told = capsys.readouterr()
    assert "a.py: AWS Access Key" in told.err
    assert "rotate it (SECURITY.md)" in told.err
    assert AWS_KEY not in told.out + told.err


def test_a_clean_repository_reports_how_much_was_read(repository, monkeypatch, capsys):
    commit(repository, "a.py", "A = 1\nB = 2\n")
    monkeypatch.setattr(find_secrets, "ROOT", repository)
    assert find_secrets.main() == 0
    told = capsys.readouterr().out
    assert told == "No secret found in 3 lines of the history and the files.\n"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ({}, "No secret found in 0 lines of the history and the files.\n"),
        ({"a.py": ["A = 1"]}, "No secret found in 1 line of the history and the files.\n"),
        ({"a.py": ["A", "B"]}, "No secret found in 2 lines of the history and the files.\n"),
    ],
)
def test_the_lines_that_were_read_are_counted(monkeypatch, capsys, lines, told):
    monkeypatch.setattr(find_secrets, "lines_of", lambda _: lines)
    assert find_secrets.main() == 0
    assert capsys.readouterr().out == told


def test_a_line_of_a_patch_that_looks_like_a_header_is_a_line():
    patch = (
        "+++ b/one\n@@ -0,0 +1,2 @@\n+++ b/two\n+@@ -1 +1 @@\n+++ b/three\n@@ -1 +1 @@\n-x\n+y\n"
    )
    lines: dict[str, dict[str, None]] = {}
    added_lines(iter(patch.split("\n")), lines)
    assert lines == {"one": {"++ b/two": None, "@@ -1 +1 @@": None}, "three": {"y": None}}
