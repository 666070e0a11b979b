"""Every quality gate at its limit, through the whole job: one capture fails it alone, and one
just passes and is published.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import functions as F

from chartlake.contract.paths import charts_csv_key
from tests.support.chart_file_builders import NEW
from tests.support.job_builders import current, run
from tests.support.rows import rows
from tests.support.spark_builders import entry, write_capture, write_raw

pytestmark = pytest.mark.faults

DAY = date(2026, 10, 14)
AT = f"{DAY}T06:00:00Z"
LATER = f"{DAY}T18:00:00Z"
OF_SPOTIFY = {"playlist_id": "37i9dQZEVXbMDoHDwVN2tF", "login": "app"}
CHART_FILE = """
[charts.{chart_id}]
name = "{chart_id}"
market = "{market}"
source = "charts_csv"
cadence = "daily"
expected_size = 4
tolerance = 1
"""
CHART_FILES = {
    # chart: its market, and the ranks of its file
    "a_rank_twice": ("aa", [1, 2, 3, 3]),
    "every_rank_once": ("ab", [1, 2, 3, 4]),
    "two_ranks_missing": ("ba", [1, 2, 4, 6]),
    "one_rank_missing": ("bb", [1, 2, 4, 5]),
}


def entries(number: int) -> list[dict[str, Any]]:
    return [entry(f"t{place}") for place in range(number)]


def write_playlist(root: Path, chart_id: str, items: list[Any], at: str = AT, **chart: Any) -> Path:
    return write_capture(root, at, items, chart_id=chart_id, **OF_SPOTIFY, **chart)


def write_playlists(root: Path) -> None:
    write_playlist(root, "too_few", entries(2), expected_size=4, tolerance=1)
    write_playlist(root, "just_enough", entries(3), expected_size=4, tolerance=1)
    for chart_id, without in (("two_without_album", 2), ("one_without_album", 1)):
        items = entries(4)
        for item in items[:without]:
            item["track"]["album"] = None
        write_playlist(root, chart_id, items, expected_size=4, tolerance=1)
    for cadence, days in (("daily", 3), ("weekly", 10)):
        for chart_id, age in ((f"{cadence}_fresh", days), (f"{cadence}_stale", days + 1)):
            added_at = f"{DAY - timedelta(age)}T23:00:00Z"
            items = [item | {"added_at": added_at} for item in entries(2)]
            write_playlist(root, chart_id, items, cadence=cadence)


def write_chart_files(root: Path) -> None:
    header = NEW.splitlines(keepends=True)[0]
    for market, ranks in CHART_FILES.values():
        lines = [
            f'{rank},"spotify:track:{place:022}","Ana","Song {place}","",1,1,1,"{9 - place}"\n'
            for place, rank in enumerate(ranks)
        ]
        key = charts_csv_key(DAY, f"regional-{market}-daily-{DAY}.csv")
        write_raw(root / key, header + "".join(lines))


@pytest.fixture(scope="module")
def gated(spark: Any, lake_folder: Path) -> Path:
    """A lake of one day: each chart is at the limit of a gate, on one side or the other."""
    root = lake_folder / "gates"
    write_playlists(root)
    write_chart_files(root)
    charts = [
        CHART_FILE.format(chart_id=name, market=market) for name, (market, _) in CHART_FILES.items()
    ]
    charts_file = write_raw(root / "charts.toml", "".join(charts))
    charts_before = [("one_below_four_fifths", 79), ("four_fifths", 80)]
    first = [write_playlist(root, name, entries(100)) for name, _ in charts_before]
    run(spark, root, DAY, DAY, "20261020T000001Z", charts_file=str(charts_file))
    for file in first:
        file.unlink()
    for name, number in charts_before:
        write_playlist(root, name, entries(number), LATER)
    assert run(spark, root, DAY, DAY, "20261020T000002Z", charts_file=str(charts_file)) == 7
    return root


def test_a_capture_that_just_passes_is_published_and_another_held_back(spark, gated):
    """A chart that was published before stays as it was."""
    snapshots = current(spark, gated, "chart_snapshots")
    assert rows(snapshots, "chart_id", "entries") == [
        ("daily_fresh", 2),
        ("every_rank_once", 4),
        ("four_fifths", 80),
        ("just_enough", 3),
        ("one_below_four_fifths", 100),
        ("one_rank_missing", 4),
        ("one_without_album", 4),
        ("weekly_fresh", 2),
    ]


def test_each_capture_fails_one_rule_only(spark, gated):
    results = current(spark, gated, "quality_results")
    assert rows(results.where("not passed"), "chart_id", "rule", "observed", "limit_value") == [
        ("a_rank_twice", "ranks_held_twice", 1.0, 0.0),
        ("daily_stale", "days_since_refresh", 4.0, 3.0),
        ("one_below_four_fifths", "entries_of_current_run", 79.0, 80.0),
        ("too_few", "entries_at_least", 2.0, 3.0),
        ("two_ranks_missing", "ranks_missing", 2.0, 1.0),
        ("two_without_album", "entries_without_album", 2.0, 1.0),
        ("weekly_stale", "days_since_refresh", 11.0, 10.0),
    ]


def test_a_capture_at_the_limit_passes_every_rule(spark, gated):
    results = current(spark, gated, "quality_results")
    at_limit = ("just_enough", "one_rank_missing", "one_without_album", "weekly_fresh")
    found = results.where(F.col("chart_id").isin(*at_limit) & F.col("passed"))
    assert rows(found, "chart_id", "rule", "observed", "limit_value") == [
        ("just_enough", "entries_at_least", 3.0, 3.0),
        ("just_enough", "entries_without_album", 0.0, 1.0),
        ("just_enough", "ranks_held_twice", 0.0, 0.0),
        ("just_enough", "ranks_missing", 0.0, 1.0),
        ("one_rank_missing", "entries_at_least", 4.0, 3.0),
        ("one_rank_missing", "ranks_held_twice", 0.0, 0.0),
        ("one_rank_missing", "ranks_missing", 1.0, 1.0),
        ("one_without_album", "entries_at_least", 4.0, 3.0),
        ("one_without_album", "entries_without_album", 1.0, 1.0),
        ("one_without_album", "ranks_held_twice", 0.0, 0.0),
        ("one_without_album", "ranks_missing", 0.0, 1.0),
        ("weekly_fresh", "days_since_refresh", 10.0, 10.0),
        ("weekly_fresh", "entries_at_least", 2.0, 2.0),
        ("weekly_fresh", "entries_without_album", 0.0, 0.0),
        ("weekly_fresh", "ranks_held_twice", 0.0, 0.0),
        ("weekly_fresh", "ranks_missing", 0.0, 0.0),
    ]


def test_quarantine_says_why_each_capture_is_held_back(spark, gated):
    quarantine = current(spark, gated, "quarantine")
    held = "The capture is held back: "
    assert rows(quarantine, "chart_id", "position", "reason", "record") == [
        ("a_rank_twice", 0, f"{held}1 rank is duplicated.", None),
        ("daily_stale", 0, f"{held}Spotify last refreshed it 4 days before; the limit is 3.", None),
        (
            *("one_below_four_fifths", 0),
            f"{held}it has 79 entries and needs 80, four fifths of the published entries.",
            None,
        ),
        ("too_few", 0, f"{held}it has 2 entries and needs 3.", None),
        ("two_ranks_missing", 0, f"{held}2 ranks are missing; the limit is 1.", None),
        ("two_without_album", 0, f"{held}2 entries have no album; the limit is 1.", None),
        (
            *("weekly_stale", 0),
            f"{held}Spotify last refreshed it 11 days before; the limit is 10.",
            None,
        ),
    ]
