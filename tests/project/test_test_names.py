"""The names of tests: short enough to be read in a list of failures."""

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]
LONGEST = 69


def test_every_test_name_is_under_70_characters():
    names = {
        function.name
        for path in TESTS.rglob("test_*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_")
    }
    assert "test_every_test_name_is_under_70_characters" in names
    assert [name for name in sorted(names) if len(name) > LONGEST] == []
