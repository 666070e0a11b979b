"""What to do about what is red: a command or a page."""

import re
from datetime import date
from pathlib import Path

import pytest

from chartlake.status.advice import SECTIONS, OnAws, OnThisMachine, advise
from chartlake.status.case import Remedy
from chartlake.status.troubles import Trouble
from tests.support.status_cases import NOV_19, NOV_20

AWS = OnAws("prod", "s3://raw")
HERE = OnThisMachine("lake/demo", "lake/demo/chartlake-raw")


@pytest.mark.parametrize(
    ("remedy", "days", "on_aws", "here"),
    [
        (
            "build",
            (NOV_20,),
            "make run ENV=prod DATE=2026-11-20",
            "make backfill FROM=2026-11-20 TO=2026-11-20 LAKE=lake/demo, then "
            "make reconcile LAKE=lake/demo OPTIONS=--refresh",
        ),
        (
            "build",
            (date(2026, 1, 1), NOV_20),
            "make run ENV=prod FROM=2026-01-01 TO=2026-11-20 BACKFILL=1",
            "make backfill FROM=2026-01-01 TO=2026-11-20 LAKE=lake/demo, then "
            "make reconcile LAKE=lake/demo OPTIONS=--refresh",
        ),
        (
            "load",
            (NOV_20,),
            "make reconcile ENV=prod OPTIONS=--refresh",
            "make reconcile LAKE=lake/demo OPTIONS=--refresh",
        ),
        (
            "replace",
            (NOV_19,),
            'move the file out of raw, then make import-charts FILES="…" RAW=s3://raw'
            " (docs/import-charts.md)",
            'move the file out of raw, then make import-charts FILES="…"'
            " RAW=lake/demo/chartlake-raw (docs/import-charts.md)",
        ),
        (
            "capture",
            (NOV_20,),
            "capture again (docs/runbook.md, at its top); docs/runbook.md, charts-failed",
            "capture again; make doctor",
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
            "make deploy ENV=prod, and wait for the schedule; docs/runbook.md, no-run",
            "capture again",
        ),
        (
            "import",
            (NOV_19,),
            'make import-charts FILES="…" RAW=s3://raw (docs/import-charts.md)',
            'make import-charts FILES="…" RAW=lake/demo/chartlake-raw (docs/import-charts.md)',
        ),
    ],
)
def test_what_to_do_is_a_command_or_a_page(remedy, days, on_aws, here):
    trouble = Trouble("captured", "x.", Remedy(remedy), ("ph",), days)
    assert advise(trouble, NOV_20, AWS) == on_aws
    assert advise(trouble, NOV_20, HERE) == here


def test_every_command_and_page_that_is_named_is_there():
    root = Path(__file__).parents[2]
    sections = re.findall(r"^## (.+)$", (root / "docs/runbook.md").read_text("utf-8"), re.MULTILINE)
    assert set(SECTIONS.values()) <= set(sections)
    targets = re.findall(r"^([a-z-]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE)
    named: set[str] = set()
    for remedy in Remedy:
        for place in (AWS, HERE):
            told = advise(Trouble("captured", "x.", remedy, (), (NOV_19, NOV_20)), NOV_20, place)
            named |= set(re.findall(r"make ([a-z-]+)", told))
            assert all((root / page).exists() for page in re.findall(r"docs/[\w-]+\.md", told))
    assert named == {"backfill", "doctor", "import-charts", "reconcile", "run"}
    assert named <= set(targets)
