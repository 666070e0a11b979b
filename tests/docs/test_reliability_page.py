"""The page on reliability names tests that there are, and `make test-faults` runs them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
FILES = {path.stem: path for path in (ROOT / "tests").rglob("test_*.py")}
NAMED = re.findall(r"`(test_\w+)\.py::(test_\w+)`", PAGE)


def test_every_row_names_a_test_that_there_is():
    rows = [line for line in PAGE.splitlines() if re.match(r"\| (?!fault )", line)]
    assert len(rows) == len(NAMED) > 30
    for file, test in NAMED:
        text = FILES[file].read_text(encoding="utf-8")
        assert f"def {test}(" in text, (file, test)


def test_each_of_them_runs_with_make_test_faults():
    for file in {file for file, _ in NAMED}:
        text = FILES[file].read_text(encoding="utf-8")
        assert re.search("^pytestmark = pytest.mark.faults$", text, re.MULTILINE), file
