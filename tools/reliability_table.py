"""Writes the tables of docs/reliability.md: `python -m tools.reliability_table`.

A row is the marker `@pytest.mark.fault` of a test. The tests are parsed, not imported, so this
needs neither pytest nor Spark.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reliability.md"

HEADER = """| fault | how it is injected | expected result | test | cases |
|---|---|---|---|---|
"""
TABLE = re.compile(r"(<!-- faults: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Fault:
    """One row: a fault, how a test injects it, and what must then be true.

    `cases` is a number, or two: for `make test` and for `make test-faults`.
    """

    table: str
    what: str
    how: str
    then: str
    test: str
    cases: int | tuple[int, int] = 1

    def row(self) -> str:
        """Return the row as Markdown."""
        numbers = self.cases if isinstance(self.cases, tuple) else (self.cases,)
        cases = "; ".join(f"{number:,}" for number in numbers)
        return f"| {self.what} | {self.how} | {self.then} | `{self.test}` | {cases} |\n"


def faults(folder: Path = ROOT / "tests") -> list[Fault]:
    """Read every marked test below a folder, ordered by file and line."""
    return [fault for path in sorted(folder.rglob("test_*.py")) for fault in _in_file(path)]


def rendered(page: str, rows: list[Fault]) -> str:
    """Return the page with its tables written again; its other text stays."""

    def table(match: re.Match[str]) -> str:
        lines = "".join(fault.row() for fault in rows if fault.table == match[2])
        return f"{match[1]}\n{HEADER}{lines}\n{match[3]}"

    return TABLE.sub(table, page)


def _in_file(path: Path) -> list[Fault]:
    functions = ast.parse(path.read_text(encoding="utf-8")).body
    return [
        Fault(test=f"{path.name}::{function.name}", **_arguments(decorator))
        for function in functions
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.fault"
    ]


def _arguments(call: ast.Call) -> dict[str, Any]:
    return {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}


if __name__ == "__main__":
    PAGE.write_text(rendered(PAGE.read_text(encoding="utf-8"), faults()), encoding="utf-8")
