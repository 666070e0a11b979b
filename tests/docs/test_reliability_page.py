"""The tables of docs/reliability.md are those of the tests, and `make test-faults` runs these."""

import re
from pathlib import Path

from tools.reliability_table import PAGE, TABLE, faults, rendered

TESTS = Path(__file__).parents[1]
FAULT = """
@pytest.mark.parametrize("n", [1])
@pytest.mark.fault(
    table="job",
    what="a {} " "fault",
    how="by hand",
    then="nothing",
    cases=(300, 12_000),
)
def test_it(n):
    raise NotImplementedError


def test_without_a_row():
    raise NotImplementedError
"""


def test_the_page_is_up_to_date():
    page = PAGE.read_text(encoding="utf-8")
    assert page == rendered(page, faults()), "run `make render`"


def test_every_row_belongs_to_a_table_of_the_page():
    tables = [name for _, name, _ in TABLE.findall(PAGE.read_text(encoding="utf-8"))]
    assert tables == ["extraction", "input", "job", "loading"]
    assert {fault.table for fault in faults()} == set(tables)


def test_rows_are_read_without_importing_the_tests(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"test_{name}.py").write_text(FAULT.format(name), encoding="utf-8")
    assert [fault.row() for fault in faults(tmp_path)] == [
        "| a a fault | by hand | nothing | `test_a.py::test_it` | 300; 12,000 |\n",
        "| a b fault | by hand | nothing | `test_b.py::test_it` | 300; 12,000 |\n",
    ]


def test_make_test_faults_runs_every_row():
    files = {fault.test.partition("::")[0] for fault in faults()}
    paths = {path.name: path for path in TESTS.rglob("test_*.py")}
    for file in files:
        text = paths[file].read_text(encoding="utf-8")
        assert re.search("^pytestmark = pytest.mark.faults$", text, re.MULTILINE), file
