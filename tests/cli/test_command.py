"""The command `chartlake`: its options, its exit codes, and every mention of it."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from chartlake.cli.main import cli
from tests.support.command import CHARTLAKE, chartlake
from tools.moved_target import REPLACED

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WHERE = ("*.md", "*.py", "*.sql", "*.toml", "*.json", "*.in", "Makefile", ".ci/run")
MENTION = re.compile(rf"(?<![\w./-])chartlake ((?:{'|'.join(cli.commands)})\b[^`\"'\\\n,;()]*)")
PLACEHOLDERS = (
    (r"(--(?:from|to)) (?:\{[^}]*\}|<[^>]*>|…|DAY)", r"\1 2026-11-01"),
    (r"\{[^}]*\}|<[^>]*>", "x"),
    (r"\[[^\]]*\]", ""),
)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


def mentions() -> list[tuple[str, str]]:
    """Every mention of a command, with the file that has it."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *WHERE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return sorted(
        (name, found.strip())
        for name in set(names) - {"", "tests/cli/test_command.py"}
        if not name.startswith("tests/") and (ROOT / name).exists()
        for found in MENTION.findall((ROOT / name).read_text(encoding="utf-8"))
    )


def parse(command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
    """Parse the words of a command; raises click.UsageError where it would be refused."""
    context = command.make_context(command.name or "", list(words), parent=parent)
    if isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        _, chosen, arguments = command.resolve_command(context, rest)
        assert chosen
        parse(chosen, arguments, context)


@pytest.mark.parametrize("path", [*commands(cli)], ids=" ".join)
def test_every_command_has_a_help_text(path, capsys):
    assert chartlake(*path, "--help") == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"Usage: chartlake {' '.join(path)}".rstrip())
    assert len(shown.splitlines()[2].split()) > 2


def test_every_documented_command_is_accepted():
    found = mentions()
    assert len({file for file, _ in found}) > 20
    refused = []
    for file, mention in found:
        text = mention
        for pattern, value in PLACEHOLDERS:
            text = re.sub(pattern, value, text)
        words = shlex.split(text.split(" | ")[0].split(" # ")[0].split(" -> ")[0], posix=True)
        bare = words == words[:1] and len(words) == 1
        try:
            if not bare:
                parse(cli, words)
            else:
                assert words[0] in cli.commands
        except (click.UsageError, AssertionError) as error:
            # A page may name a command without its arguments.
            if not isinstance(error, click.MissingParameter):
                refused.append((file, mention, str(error)))
    assert refused == []


@pytest.mark.parametrize(
    "words",
    [
        ["sing"],
        ["build"],
        ["build", "--from", "yesterday"],
        ["build", "--from", "2026-11-02", "--to", "2026-11-01"],
        ["demo", "--days", "0"],
        ["sql", "SELECT 1", "--file", "x.sql"],
        ["status", "--lake", "x", "--env", "dev"],
        ["report", "--source", "athena"],
        ["aws", "run", "dev"],
        ["snowflake", "deploy", "dev", "--only", "both"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_code_2_and_one_error_message(words, capsys):
    assert chartlake(*words) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("Error: ")
    assert last.endswith((".", "'both' is not one of 'account', 'database'."))


def test_help_needs_no_dependency_except_click():
    script = "import sys; import chartlake.cli.main; print(*sorted(sys.modules))"
    ran = subprocess.run(
        [CHARTLAKE[0], "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy = {"boto3", "duckdb", "fakesnow", "pyarrow", "pyspark", "requests", "rich", "snowflake"}
    assert set(ran.stdout.split()) & heavy == set()


@pytest.mark.parametrize("target", [*REPLACED])
def test_a_moved_target_prints_its_replacement_and_exits_with_2(target):
    # Not as a part of the make that runs the tests: it would print its folders.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    ran = subprocess.run(
        ["make", target], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"`make {target}` was replaced by `{REPLACED[target]}`.")
    assert ran.stdout == ""


def test_every_target_of_make_is_listed_or_moved():
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony
    listed = set(re.findall(r"^([a-z-]+):[^\n]*## ", MAKEFILE, re.MULTILINE))
    assert set(phony[1].split()) - {"$(MOVED)"} == listed
    moved = re.search(r"^MOVED := ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    assert moved
    assert set(moved[1].replace("\\\n", " ").split()) == set(REPLACED)
