"""What is typed to make stays one word of the command, whatever is in it."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
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
    ("demo", "LAKE", "chartlake.demo.run --lake {}"),
    ("sql", "LAKE", "chartlake.warehouse.prompt --warehouse {}/warehouse"),
    ("sql", "Q", "chartlake.warehouse.prompt --warehouse lake/demo/warehouse --file {}"),
    ("warehouse", "PORT", "chartlake.warehouse.server --lake lake/demo --port {}"),
    ("athena", "Q", "chartlake.athena.stand_in.ask --lake lake/demo {}"),
    ("athena-views", "ENV", "chartlake.athena.deploy {}"),
    ("athena-remote", "ENV", "chartlake.athena.ask {}"),
    ("snowflake-plan", "ENV", "chartlake.snowflake.plan {}"),
    ("snowflake-deploy", "ENV", "chartlake.snowflake.deploy {}"),
    ("snowflake-prune", "ENV", "chartlake.snowflake.prune {}"),
    ("snowflake-smoke", "ENV", "chartlake.snowflake.smoke {}"),
    ("reconcile", "ENV", "chartlake.snowflake.reconcile {}"),
    ("reconcile", "LAKE", "chartlake.warehouse.reconcile --lake {}"),
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
