"""A day published from a chart file that is rejected since."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chartlake.contract.paths import charts_csv_key
from chartlake.warehouse import open_warehouse
from glue_jobs.build import run as job
from glue_jobs.build.arguments import JobConfig
from tests.support.chart_file_builders import CHARTS_FILE, DAILY_NAME, NEW, misread
from tests.support.command import chartlake
from tests.support.spark_builders import write_raw

DAY = date(2026, 10, 1)
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
REASON = (
    "Another program read the file as Latin-1 or Windows-1252 and saved it. "
    "Download it again from charts.spotify.com."
)


@pytest.fixture
def lake(root, monkeypatch) -> Path:
    """A lake of this machine with its charts.toml, and a file to import beside it."""
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(write_raw(root / "charts.toml", CHARTS_FILE)))
    monkeypatch.setenv("COLUMNS", "80")
    write_raw(root / "downloads" / DAILY_NAME, NEW)
    return Path(root)


def build(spark, lake: Path, run_id: str) -> list[str]:
    """Build the day and load it; return why files were left out."""
    place = f"s3://lake/{lake.name}/chartlake"
    config = JobConfig(
        *(f"{place}-raw", f"{place}-curated", DAY, DAY, run_id, NOW),
        charts_file=f"s3://lake/{lake.name}/charts.toml",
    )
    reasons = [row["reason"] for row in job.run(spark, config)]
    mounts = {"s3://chartlake-curated/": lake / "chartlake-curated"}
    with open_warehouse(lake / "warehouse", mounts) as warehouse:
        warehouse.deploy()
        warehouse.load()
    return reasons


def titles(lake: Path) -> list[str]:
    with open_warehouse(lake / "warehouse") as warehouse:
        found = warehouse.query("SELECT NAME FROM CHARTLAKE.CORE.TRACKS ORDER BY TRACK_ID")
    return [row["name"] for row in found]


def stands(lake: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What status prints below the table's header."""
    capsys.readouterr()
    chartlake("status", "--lake", lake, "--days", 1, now=NOW)
    told = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    return [line for line in told if line][4:]


def import_file(lake: Path) -> int:
    return chartlake("import", "--raw", lake / "chartlake-raw", lake / "downloads" / DAILY_NAME)


def test_the_published_chart_is_kept_and_status_says_what_to_do(spark, lake, capsys):
    assert import_file(lake) == 0
    assert build(spark, lake, "20261001T060000Z") == []
    # A version of the import that did not know of misread files kept one.
    file = lake / "chartlake-raw" / charts_csv_key(DAY, DAILY_NAME)
    file.write_text(misread(NEW.removeprefix("\ufeff"), "latin-1"), encoding="utf-8")
    assert build(spark, lake, "20261001T070000Z") == [REASON]
    published = ["Fern", 'Say "When" (feat. Ann Noon)', "Low Water", "첫눈"]
    assert sorted(titles(lake)) == sorted(published)
    assert stands(lake, capsys) == [
        "2026-10-01 ✓ ok ✓ ok ✗ kept ✓ ok ✓ ok ✓ earlier",
        "What to do",
        "2026-10-01 us_top, gated: It is kept as published, from a file that is now rejected. "
        f"{REASON} -> move the file out of raw, then chartlake import "
        f"FILE... --raw {lake}/chartlake-raw (docs/import-charts.md)",
    ]
    file.unlink()
    assert import_file(lake) == 0
    assert build(spark, lake, "20261001T080000Z") == []
    assert stands(lake, capsys) == [
        "2026-10-01 ✓ ok ✓ ok ✓ passed ✓ ok ✓ ok ✓ ok",
        "Nothing is red.",
    ]
