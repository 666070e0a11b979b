"""What is typed to make stays one word of the command, whatever is in it."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORDS = [
    "a b",
    "it's",
    'say "x"',
    "$HOME",
    "a; touch owned",
    "`touch owned`",
    "a|b>c",
    "*",
    "../../x",
]
COMMANDS = [
    ("demo", "LAKE", "local.demo --lake {}"),
    ("sql", "LAKE", "local.warehouse.prompt --warehouse {}/warehouse"),
    ("sql", "Q", "local.warehouse.prompt --warehouse lake/demo/warehouse --file {}"),
    ("warehouse", "PORT", "local.warehouse.server --lake lake/demo --port {}"),
    ("athena", "Q", "local.athena.ask --lake lake/demo {}"),
    ("athena-views", "ENV", "athena_ops.deploy {}"),
    ("athena-remote", "ENV", "athena_ops.ask {}"),
    ("snowflake-plan", "ENV", "snowflake_ops.plan {}"),
    ("snowflake-deploy", "ENV", "snowflake_ops.deploy {}"),
    ("snowflake-prune", "ENV", "snowflake_ops.prune {}"),
    ("snowflake-smoke", "ENV", "snowflake_ops.smoke {}"),
    ("reconcile", "ENV", "snowflake_ops.reconcile {}"),
    ("reconcile", "LAKE", "local.reconcile --lake {}"),
    ("synth", "ENV", "infra.app {} build/cdk-{}"),
    ("diff", "ENV", "infra.cdk diff --app build/cdk-{}"),
    ("destroy", "ENV", "infra.cdk destroy --app build/cdk-{} --exclusively chartlake-{}-pipeline"),
    ("run", "DATE", "infra.run dev {}"),
]


@pytest.mark.parametrize(("target", "variable", "command"), COMMANDS)
def test_what_make_is_given_is_one_word_of_the_command(target, variable, command):
    for word in WORDS:
        # A $ is make's own and is written twice.
        given = f"{variable}={word.replace('$', '$$')}"
        told = subprocess.run(
            ["make", "-n", target, given], cwd=ROOT, capture_output=True, text=True, check=True
        )
        (line,) = [
            line for line in told.stdout.splitlines() if line.startswith(".venv/bin/python -m")
        ][-1:]
        expected = [part.replace("{}", word) for part in command.split(" ")]
        assert shlex.split(line)[2:] == expected


def test_every_value_that_make_passes_on_is_one_word():
    recipes = re.findall(r"^\t.*(?:\\\n.*)*", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    bare = re.compile(r"\$\((LAKE|REPLAY|Q|PORT|ENV|FROM|TO|DATE|RAW|FILES|CHARTS)\)")
    for recipe in recipes:
        safe = re.sub(r"\$\(call one,(?:[^()]|\([^()]*\)|\((?:[^()]|\([^()]*\))*\))*\)", "", recipe)
        assert not bare.search(re.sub(r"\$\(if \$\(\w+\),", "", safe)), recipe
