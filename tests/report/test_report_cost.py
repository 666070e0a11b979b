"""What a run's report queries in Athena, and the cost in the deploy guide."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chartlake.athena.statements import queries, views
from chartlake.report.digest import build_digest
from chartlake.report.digest_scope import Run
from chartlake.report.page import build_page
from chartlake.report.sources import local_athena
from tests.support.digest_lakes import write_two_days

VIEWS = {view.name: view.sql.partition(" AS\n")[2] for view in views()}
DOLLARS_A_LIST = 0.005 / 1000
NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
TABLE = re.compile(r"\b(?:FROM|JOIN)\s+(chartlake(?:_landing)?)\.(\w+)", re.IGNORECASE)


def tables_read(sql):
    """Count the landing tables below a question, each time that a view names it."""
    return sum(
        1 if database.lower() == "chartlake_landing" else tables_read(VIEWS[name.lower()])
        for database, name in TABLE.findall(sql)
    )


def test_the_athena_guide_has_the_same_counts():
    counted = {question.name: tables_read(question.sql) for question in queries()}
    told = re.findall(r"^\| `(\w+)` \| (\d+) \|$", Path("docs/athena.md").read_text(), re.MULTILINE)
    assert told
    assert {name: int(number) for name, number in told}.items() <= counted.items()


@pytest.fixture
def read(tmp_path):
    """The number of tables read for a page and a digest with news."""
    write_two_days(tmp_path, NOW.date(), NOW)
    counts = []
    with local_athena(tmp_path) as ask:

        def counting(sql):
            counts.append(tables_read(sql))
            return ask(sql)

        build_page(counting)
        assert build_digest(counting, Run(NOW.date(), NOW.date(), NOW - timedelta(minutes=1)))
    return sum(counts)


def test_the_deploy_guide_prices_every_table_that_is_read(read):
    guide = Path("docs/deploy.md").read_text(encoding="utf-8")
    year, ten = (f"{read * days * DOLLARS_A_LIST:.2f}" for days in (365, 3652))
    a_year_of_days = read * 365 * DOLLARS_A_LIST
    daily, hourly = f"{a_year_of_days * 30:.2f}", f"{a_year_of_days * 720:.2f}"
    line = (
        f"| the report, where there is one | {daily} | {hourly} | its questions read {read} tables "
        "between them, and each lists every day since `first_day` once, at 0.005 a thousand lists: "
        f"for a year of days {year} a run, "
        f"**for ten years {ten} a run** |"
    )
    assert line in guide.splitlines()
