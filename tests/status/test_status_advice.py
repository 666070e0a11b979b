"""The advice for each red stage: a command or a page."""

import re
from datetime import date
from pathlib import Path

import pytest

from chartlake.status.advice import SECTIONS, OnAws, OnThisMachine, advise
from chartlake.status.chart_day import Remedy
from chartlake.status.problems import Problem
from tests.support.status_builders import NOV_19, NOV_20

AWS = OnAws("prod", "s3://raw")
HERE = OnThisMachine("lake/demo", "lake/demo/chartlake-raw")


@pytest.mark.parametrize(
    ("remedy", "days", "on_aws", "here"),
    [
        (
            "build",
            (NOV_20,),
            "chartlake aws run prod --from 2026-11-20",
            "chartlake build --from 2026-11-20 --lake lake/demo, then "
            "chartlake reconcile --lake lake/demo --refresh",
        ),
        (
            "build",
            (date(2026, 1, 1), NOV_20),
            "chartlake aws run prod --from 2026-01-01 --to 2026-11-20 --backfill",
            "chartlake build --from 2026-01-01 --to 2026-11-20 --lake lake/demo, then "
            "chartlake reconcile --lake lake/demo --refresh",
        ),
        (
            "load",
            (NOV_20,),
            "chartlake reconcile --env prod --refresh",
            "chartlake reconcile --lake lake/demo --refresh",
        ),
        (
            "replace",
            (NOV_19,),
            "move the file out of raw, then chartlake import FILE... --raw s3://raw"
            " (docs/import-charts.md)",
            "move the file out of raw, then chartlake import FILE... "
            "--raw lake/demo/chartlake-raw (docs/import-charts.md)",
        ),
        (
            "capture",
            (NOV_20,),
            "capture again (docs/runbook.md, at its top); docs/runbook.md, charts-failed",
            "capture again; chartlake doctor",
        ),
        (
            "schedule",
            (NOV_19,),
            "a past day stays a gap, unless its chart file is imported (docs/import-charts.md);"
            " docs/runbook.md, no-run",
            "a past day stays a gap, unless its chart file is imported (docs/import-charts.md)",
        ),
        (
            "schedule",
            (),
            "chartlake aws deploy prod, and wait for the schedule; docs/runbook.md, no-run",
            "capture again",
        ),
        (
            "import",
            (NOV_19,),
            "chartlake import FILE... --raw s3://raw (docs/import-charts.md)",
            "chartlake import FILE... --raw lake/demo/chartlake-raw (docs/import-charts.md)",
        ),
    ],
)
def test_advice_is_a_command_or_a_page(remedy, days, on_aws, here):
    problem = Problem("captured", "x.", Remedy(remedy), ("ph",), days)
    assert advise(problem, NOV_20, AWS) == on_aws
    assert advise(problem, NOV_20, HERE) == here


def test_every_command_and_page_in_advice_exists():
    root = Path(__file__).parents[2]
    sections = re.findall(r"^## (.+)$", (root / "docs/runbook.md").read_text("utf-8"), re.MULTILINE)
    assert set(SECTIONS.values()) <= set(sections)
    named: set[str] = set()
    pages: set[str] = set()
    for remedy in Remedy:
        for place in (AWS, HERE):
            told = advise(Problem("captured", "x.", remedy, (), (NOV_19, NOV_20)), NOV_20, place)
            named |= set(re.findall(r"chartlake ((?:aws )?[a-z-]+)", told))
            pages |= set(re.findall(r"docs/[\w-]+\.md", told))
    assert named == {"aws run", "build", "doctor", "import", "reconcile"}
    assert pages == {"docs/import-charts.md", "docs/runbook.md"}
    assert [page for page in sorted(pages) if not (root / page).exists()] == []
