"""Facts about a chart and a day -> the state of each stage."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chartlake.contract.chart_config import Chart
from chartlake.status.chart_day import Remedy
from chartlake.status.facts import Check, Facts, LeftOut, Raw, Run, TableLoad, Unreadable, Warehouse
from chartlake.status.judge import judge
from tests.support.status_builders import (
    DAILY,
    FAILED,
    FILES,
    HELD,
    KEY,
    LATE,
    LATER_KEY,
    NEWER,
    NOTHING,
    NOV_18,
    NOV_19,
    NOV_20,
    PASSED,
    RUN,
    WEEKLY,
    WELL,
    at,
    failed,
    holds,
    lake,
    line,
    question,
    ran,
    told,
    took,
)


def test_a_complete_chart_is_green():
    facts = lake([took()], [ran()], holds())
    assert line(facts) == WELL
    assert told(facts) == []


def test_a_weekly_chart_with_an_older_edition_is_green_each_day():
    snapshots = [
        Run(day, f"202611{day.day}T061500Z", at(6, 20), {"world": f"{day}"}, {"world": (PASSED,)})
        for day in (NOV_19, NOV_20)
    ]
    seen = {(run.day, "world"): run.run_id for run in snapshots}
    loads: dict[tuple[date, str], tuple[TableLoad, ...]] = {
        (run.day, run.run_id): () for run in snapshots
    }
    attempts = [took(f"{day}", chart="world", day=day) for day in (NOV_19, NOV_20)]
    asked = question([NOV_19, NOV_20], [WEEKLY])
    facts = lake(attempts, snapshots, Warehouse(loads, seen))
    assert line(facts, LATE, asked, NOV_19) == line(facts, LATE, asked) == WELL
    assert told(facts, LATE, asked) == []


def test_a_failed_chart_shows_its_manifests_error():
    """A failed chart shows the error in its manifest, and the others are unaffected."""
    world = Run(NOV_20, RUN, at(6, 20), {"world": "w"}, {"world": (PASSED,)})
    seen = Warehouse({(NOV_20, RUN): ()}, {(NOV_20, "world"): RUN})
    facts = lake([failed(), took("w", chart="world")], [world], seen)
    assert line(facts) == ["✗ failed", *NOTHING]
    assert line(facts, LATE, question(charts=[WEEKLY])) == WELL
    assert told(facts) == ["2026-11-20 ph captured: 404: x."]


@pytest.mark.parametrize("hours", [(6, 7), (7, 6)])
def test_a_failure_is_ignored_if_another_capture_succeeded(hours):
    good, bad = hours
    assert line(lake([took(hour=good), failed(bad)], [ran(NEWER)], holds(NEWER, **{NEWER: ()})))[
        :3
    ] == ["✓ ok", "✓ ok", "✓ passed"]


def test_a_capture_is_pending_for_an_hour_and_then_red():
    facts = lake([took()])
    assert line(facts, at(6, 59)) == ["✓ ok", "… waiting", *NOTHING[:3], "… waiting"]
    assert told(facts, at(6, 59)) == []
    assert line(facts, at(7)) == ["✓ ok", "✗ not built", *NOTHING[:4]]
    assert told(facts, at(7)) == [
        "2026-11-20 ph transformed: "
        "Its manifest is from 2026-11-20 06:00 UTC, but no run has read its file."
    ]


def test_the_last_capture_is_pending_while_the_previous_one_is_shown():
    facts = lake([took(), took(LATER_KEY, 7)], [ran()], holds())
    assert line(facts, at(7, 30)) == ["✓ ok", "… waiting", *WELL[2:5], "✓ earlier"]
    assert line(facts, at(8)) == ["✓ ok", "✗ not built", *WELL[2:5], "✓ earlier"]


def test_a_run_that_names_a_file_has_read_it_whatever_the_clocks():
    assert line(lake([took(hour=9)], [ran()], holds()), at(20)) == WELL


def test_the_last_valid_capture_is_the_chart_of_its_day():
    unfit = LeftOut(LATER_KEY, "ph", "The capture is held back: it has 0 entries and needs 45.")
    run = ran(NEWER, KEY, left_out=(unfit,))
    facts = lake([took(), took(LATER_KEY, 7)], [ran(), run], holds(NEWER, **{RUN: (), NEWER: ()}))
    assert line(facts) == WELL
    assert told(facts) == []


def test_a_held_back_chart_shows_what_was_found_and_allowed():
    facts = lake([took()], [ran(key=None, checks=(FAILED,), left_out=(HELD,))], holds(None))
    assert line(facts) == ["✓ ok", "✓ ok", "✗ held", "✓ ok", "✓ ok", "– none"]
    assert told(facts) == [f"2026-11-20 ph gated: {HELD.reason}"]
    without_quarantine = Facts(None, (ran(key=None, checks=(FAILED,)),), holds(None))
    assert told(without_quarantine) == ["2026-11-20 ph gated: entries_at_least: found 1, limit 45."]


def test_a_stale_chart_is_rebuilt_once_it_may_stay_the_same():
    """A chart held back as stale is built again once its settings let it stay the same."""
    stale = Check("days_since_refresh", 30.0, 3.0, False)
    held = LeftOut(KEY, "ph", "Spotify last refreshed it 30 days before; 3 are allowed.")
    facts = lake([took()], [ran(key=None, checks=(PASSED, stale), left_out=(held,))], holds(None))

    def remedy(chart: Chart) -> tuple[str, Remedy | None]:
        stage = judge(question(charts=[chart]), facts, LATE)[0].days[NOV_20]["gated"]
        return stage.reason, stage.remedy

    assert remedy(replace(DAILY, expects_change=True)) == (held.reason, Remedy.GATE)
    assert remedy(replace(DAILY, expects_change=False)) == (
        f"{held.reason} charts.toml no longer expects it to change.",
        Remedy.BUILD,
    )


def test_an_unreadable_capture_is_held_back_with_its_reason():
    unread = LeftOut(KEY, None, "The file is not a capture in JSON.")
    facts = lake([took()], [ran(key=None, checks=(), left_out=(unread,))], holds(None))
    assert told(facts) == ["2026-11-20 ph gated: The file is not a capture in JSON."]


def test_a_held_back_chart_stays_as_in_the_earlier_run():
    later = LeftOut(LATER_KEY, "ph", "The capture is held back: it has 1 entry and needs 45.")
    runs = [ran(), ran(NEWER, KEY, (FAILED,), (later,))]
    facts = lake([took(), took(LATER_KEY, 7)], runs, holds(NEWER, **{RUN: (), NEWER: ()}))
    assert line(facts) == ["✓ ok", "✓ ok", "✗ kept", "✓ ok", "✓ ok", "✓ earlier"]
    assert told(facts) == [f"2026-11-20 ph gated: {later.reason}"]


def test_a_chart_kept_from_a_file_rejected_since_says_so():
    rejected = LeftOut(KEY, "us", "Another program saved it.")
    reason = "It is kept as published, from a file that is now rejected. Another program saved it."
    first = Run(NOV_20, RUN, at(6, 20), {"us": KEY}, {"us": (PASSED,)})
    kept = Run(NOV_20, NEWER, at(7, 20), {"us": KEY}, {"us": (PASSED,)}, (rejected,))
    seen = Warehouse({(NOV_20, RUN): (), (NOV_20, NEWER): ()}, {(NOV_20, "us"): NEWER})
    facts = lake([took(chart="us")], [first, kept], seen)
    asked = question(charts=[FILES])
    assert line(facts, LATE, asked) == ["✓ ok", "✓ ok", "✗ kept", "✓ ok", "✓ ok", "✓ earlier"]
    assert told(facts, LATE, asked) == [f"2026-11-20 us gated: {reason}"]
    assert judge(asked, facts, LATE)[0].days[NOV_20]["gated"].remedy is Remedy.REPLACE
    of_a_playlist = lake([took()], [ran(left_out=[HELD])], holds())
    assert judge(question(), of_a_playlist, LATE)[0].days[NOV_20]["gated"].remedy is Remedy.GATE


def test_a_later_run_replaces_the_problems_of_an_earlier_one():
    """A later run counts, and problems of the run before are over."""
    runs = [ran(key=None, checks=(FAILED,), left_out=(HELD,)), ran(NEWER, LATER_KEY)]
    short = {RUN: (TableLoad("tracks", 0, 40),), NEWER: ()}
    facts = lake([took(), took(LATER_KEY, 7)], runs, holds(NEWER, **short))
    assert line(facts) == WELL
    assert told(facts) == []


def test_an_unfinished_newer_run_is_ignored_if_the_capture_is_out():
    """An unfinished newer run changes nothing if the capture is already published."""
    facts = lake([took()], [ran(), ran(NEWER, published=False)], holds())
    assert line(facts) == WELL


def test_a_run_without_its_manifest_is_running_then_broken():
    """A run without its manifest is running for an hour, and broken after that."""
    facts = lake([took()], [ran(published=False)])
    assert line(facts, at(7, 14)) == [*WELL[:3], "… running", "– none", "… waiting"]
    assert line(facts, at(7, 15)) == [*WELL[:3], "✗ broken", "– none", "– none"]
    assert told(facts, at(7, 15)) == [
        f"2026-11-20 ph published: Run {RUN} wrote tables but no manifest: it was interrupted."
    ]


def test_a_half_loaded_run_names_its_missing_tables():
    short = (TableLoad("albums", 1, 2), TableLoad("tracks", 0, 1_040))
    facts = lake([took()], [ran()], holds(None, **{RUN: short}))
    assert line(facts, at(7, 19)) == [*WELL[:4], "… loading", "… waiting"]
    assert line(facts, at(7, 20)) == [*WELL[:4], "✗ part", "– none"]
    assert told(facts, at(7, 20)) == [
        f"2026-11-20 ph loaded: Rows of run {RUN} are incomplete: albums 1 of 2, tracks 0 of 1,040."
    ]


def test_while_a_newer_run_is_half_loaded_the_older_one_is_shown():
    runs = [ran(), ran(NEWER)]
    facts = lake([took()], runs, holds(RUN, **{RUN: (), NEWER: (TableLoad("tracks", 0, 40),)}))
    assert line(facts) == [*WELL[:4], "✗ part", "✓ earlier"]


def test_a_run_whose_manifest_is_not_loaded_is_red_after_an_hour():
    facts = lake([took()], [ran()])
    assert line(facts, at(7, 19)) == [*WELL[:4], "… loading", "… waiting"]
    assert line(facts) == [*WELL[:4], "✗ missing", "– none"]
    assert told(facts) == [f"2026-11-20 ph loaded: The manifest of run {RUN} has not arrived."]


def test_a_loaded_but_invisible_chart_is_red():
    assert line(lake([took()], [ran()], holds(None)))[5] == "✗ unseen"


def test_a_later_run_without_the_capture_does_not_count_for_it():
    facts = lake([took(), took(LATER_KEY, 7)], [ran(), ran("20261120T080000Z")], holds())
    assert line(facts)[:2] == ["✓ ok", "✗ not built"]
    other_chart = Run(NOV_20, NEWER, at(7, 20), {"world": "w"}, {"world": (PASSED,)})
    assert line(lake([took()], [other_chart], holds()))[:3] == ["✓ ok", "✗ not built", "– none"]


def test_charts_and_days_with_the_same_problem_share_a_line():
    asked = question([NOV_18, NOV_19, NOV_20], [DAILY, FILES])
    known = date(2026, 11, 1)
    facts = lake([failed(day=known), failed(day=known, chart="us")])
    assert told(facts, datetime(2026, 11, 30, tzinfo=UTC), asked) == [
        "2026-11-18 to 2026-11-20 ph captured: This day has no manifest.",
        "2026-11-18 to 2026-11-20 us captured: No file of this day was imported.",
    ]


def test_red_stages_are_listed_newest_day_first_and_by_stage():
    asked = question([NOV_18, NOV_19, NOV_20])
    facts = lake([failed(day=NOV_18, why="old."), failed(why="new."), took("k", day=NOV_19)])
    assert [entry.partition(": ")[0] for entry in told(facts, LATE, asked)] == [
        "2026-11-20 ph captured",
        "2026-11-19 ph transformed",
        "2026-11-18 ph captured",
    ]


def test_an_unreadable_manifest_is_one_line_for_all_charts():
    broken = Unreadable(
        NOV_20, "raw/manifests/dt=2026-11-20/x.json", "is not a valid manifest (x)."
    )
    known = [took(day=NOV_18), took(day=NOV_18, chart="world")]
    facts = lake(known, unreadable=[broken])
    assert line(facts) == ["✗ unclear", *NOTHING]
    assert told(facts) == [
        "2026-11-20  captured: raw/manifests/dt=2026-11-20/x.json is not a valid manifest (x)."
    ]
    assert line(lake([took()], [ran()], holds(), [broken])) == WELL
    before = Unreadable(
        NOV_19, "raw/manifests/dt=2026-11-19/x.json", "is not a valid manifest (x)."
    )
    assert told(lake([took()], [ran()], holds(), [before])) == []


def test_a_source_that_could_not_be_queried_is_unknown_and_not_red():
    facts = Facts(Raw((took(),)), None, None)
    assert line(facts) == ["✓ ok", *["? unknown"] * 5]
    assert told(facts) == []
    assert line(Facts(None, (ran(),), None)) == [*WELL[:4], "? unknown", "? unknown"]
    assert line(Facts(None, (), None))[0] == "? unknown"
    only_loaded = Facts(None, None, holds())
    assert line(only_loaded) == ["✓ ok", "? unknown", "? unknown", "? unknown", "✓ ok", "✓ ok"]


def test_loaded_tables_do_not_prove_that_a_chart_should_be_visible():
    facts = Facts(Raw((took(),)), None, holds(None))
    assert line(facts)[4:] == ["✓ ok", "? unknown"]


def test_a_chart_is_held_back_only_by_its_own_quarantine_rows():
    facts = Facts(None, (ran(key=None, checks=(), left_out=(HELD,)),), None)
    assert line(facts)[2] == "✗ held"
    assert told(facts) == [f"2026-11-20 ph gated: {HELD.reason}"]


def test_missing_rows_of_a_run_are_ignored_once_a_newer_one_is_shown():
    short = {RUN: (TableLoad("tracks", 0, 40),), NEWER: ()}
    assert line(lake([took()], [ran()], holds(NEWER, **short))) == WELL


def test_a_chart_without_manifests_is_judged_by_its_tables():
    assert line(lake([], [ran()], holds())) == WELL
