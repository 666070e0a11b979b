"""What is news: each edition is reported once, by the run that first publishes it."""

from datetime import UTC, datetime

import pytest

from chartlake.report.digest import build_digest
from chartlake.report.digest_scope import Run
from chartlake.report.sources import local_athena
from tests.support.chart_lake import nov, run_id, tables_of, write_lake
from tests.support.digest_lakes import CURATED, debut, edition, write_day
from tests.support.lake_files import MIDNIGHT, write_run


def run_of(first, last=None, started_at=MIDNIGHT, days_back=0):
    """A run over days of November; every run of the lake was published at MIDNIGHT."""
    return Run(nov(first), nov(last or first), started_at, days_back)


def headings(ask, run):
    """The first line of each reported chart."""
    digest = build_digest(ask, run)
    blocks = digest.text.split("\n\n") if digest else []
    return [block.splitlines()[0] for block in blocks if "\n  " in block]


def headings_of(lake, run):
    with local_athena(lake) as ask:
        return headings(ask, run)


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    root = tmp_path_factory.mktemp("news")
    write_lake(root / CURATED)
    with local_athena(root) as asked:
        yield asked


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (run_of(6), ["Top US, 2026-11-06"]),
        (run_of(7), ["Top PH, 2026-11-07"]),
        (run_of(8), ["Top World, 2026-11-08"]),
        (run_of(2, 8), ["Top PH, 2026-11-07", "Top US, 2026-11-06", "Top World, 2026-11-08"]),
    ],
)
def test_a_run_reports_charts_whose_newest_day_it_published(ask, run, told):
    assert headings(ask, run) == told


def test_unreported_charts_are_listed_with_their_newest_edition(ask):
    digest = build_digest(ask, run_of(7))
    assert digest
    assert digest.text.splitlines()[-5:] == [
        "Top PH: held back on 2026-11-08 (entries_at_least).",
        "Top US: nothing new since 2026-11-06.",
        "Top World: nothing new since 2026-11-08.",
        "",
        "Data as of 2026-11-08 06:00 UTC.",
    ]


def test_a_chart_that_may_stay_the_same_is_not_listed_as_unchanged(tmp_path):
    """Of the charts that show their edition of the day before, one is expected to change."""
    charts = {"moves": True, "must change": True, "may stay": False}
    for day in (1, 2):
        editions = [
            edition(chart, debut("a", 1), expects_change=expects_change)
            for chart, expects_change in charts.items()
        ]
        if day == 2:
            for repeat in editions[1:]:
                repeat["chart_snapshots"][0]["is_repeat"] = True
                repeat |= {"chart_summary": [], "song_trends": []}
        write_day(tmp_path, nov(day), editions, datetime(2026, 11, day, 7, tzinfo=UTC))
    with local_athena(tmp_path) as ask:
        digest = build_digest(ask, run_of(2))
    assert digest
    assert digest.text.splitlines()[-4:] == [
        "",
        "must change: nothing new since 2026-11-01.",
        "",
        "Data as of 2026-11-02 06:00 UTC.",
    ]


def test_a_day_with_newer_days_after_it_is_no_news(ask):
    assert headings(ask, run_of(2)) == headings(ask, run_of(5)) == []


def test_a_backfill_is_no_news_even_if_it_includes_today(ask):
    assert headings(ask, run_of(1, 8)) == []


def test_days_over_a_week_old_are_no_news():
    def nobody(sql):
        raise AssertionError(sql)

    for started_at in (datetime(2026, 11, 16, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)):
        assert build_digest(nobody, run_of(8, started_at=started_at)) is None
    with pytest.raises(AssertionError):
        build_digest(nobody, run_of(8, started_at=datetime(2026, 11, 15, 23, tzinfo=UTC)))


def test_a_run_that_published_nothing_has_no_news(ask):
    later = datetime(2026, 11, 1, 0, 0, 1, tzinfo=UTC)
    assert headings(ask, run_of(7, started_at=later)) == []


def test_a_rebuilt_day_is_reported_for_charts_it_lacked(tmp_path):
    root = tmp_path / CURATED
    for day in (1, 2, 3):
        write_run(root, nov(day), run_id(day), tables_of(day))
    whole = tables_of(5)
    without_us = {
        name: [row for row in rows if row.get("chart_id") != "us"] for name, rows in whole.items()
    }
    write_run(root, nov(5), "20261105T060000Z", without_us)
    assert headings_of(tmp_path, run_of(5)) == ["Top PH, 2026-11-05"]
    write_run(root, nov(5), "20261105T070000Z", whole)
    assert headings_of(tmp_path, run_of(5)) == ["Top US, 2026-11-05"]
    write_run(root, nov(5), "20261105T080000Z", whole)
    assert headings_of(tmp_path, run_of(5)) == []


def test_an_edition_that_is_captured_again_is_not_reported_again(tmp_path):
    """On 4 November the weekly chart shows its edition of the 1st, for the third time."""
    for day in (1, 2, 3, 4):
        write_run(tmp_path / CURATED, nov(day), run_id(day), tables_of(day))
    assert headings_of(tmp_path, run_of(4)) == []
    assert headings_of(tmp_path, run_of(3)) == ["Top PH, 2026-11-03", "Top US, 2026-11-03"]


def test_with_hourly_runs_the_first_of_a_day_reports_the_day_before(tmp_path):
    root = tmp_path / CURATED
    for day in (1, 2):
        write_run(root, nov(day), run_id(day), tables_of(day))
    for hour in (1, 2):
        write_run(root, nov(3), f"20261103T0{hour}0000Z", tables_of(3))
        first = ["Top PH, 2026-11-02", "Top US, 2026-11-02"] if hour == 1 else []
        assert headings_of(tmp_path, run_of(3, days_back=1)) == first


def test_an_hourly_run_without_a_new_edition_yesterday_has_no_news(ask):
    """6 November repeats the edition of the 5th on the PH chart."""
    assert headings(ask, run_of(7, days_back=1)) == []
