"""Facts about a chart and a day -> the state of each hop, and what to do."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chartlake.charts import Chart
from status.advice import SECTIONS, OnAws, OnThisMachine, advise, days_of
from status.case import Remedy
from status.expectation import Schedule
from status.facts import Attempt, Check, Facts, LeftOut, Raw, Run, TableLoad, Unreadable, Warehouse
from status.judge import Question, judge
from status.troubles import Trouble, troubles

DAILY = Chart("ph", "Top PH", "ph", "playlist", "daily", 50, 5, "p")
WEEKLY = Chart("world", "Top World", "global", "playlist", "weekly", 50, 5, "w")
FILES = Chart("us", "Top US", "us", "charts_csv", "daily", 200, 5)
WEEK_FILES = Chart("us_week", "Week US", "us", "charts_csv", "weekly", 200, 5)
CHARTS = (DAILY, WEEKLY, FILES, WEEK_FILES)
AT_SIX = Schedule(6, frozenset(chart.chart_id for chart in CHARTS))
NO_SCHEDULE = Schedule(None, AT_SIX.charts)
LAPTOP = Schedule(0, AT_SIX.charts, is_promised=False)

NOV_18, NOV_19, NOV_20 = (date(2026, 11, day) for day in (18, 19, 20))
LATE = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""The clock of most cases: Friday noon, six hours after the captures of the day."""

KEY, LATER_KEY = "raw/ph/0600.json", "raw/ph/0700.json"
RUN, NEWER = "20261120T061500Z-a1", "20261120T071500Z-b2"
PASSED = Check("entries_at_least", 50.0, 45.0, True)
FAILED = Check("entries_at_least", 1.0, 45.0, False)
HELD = LeftOut(KEY, "ph", "The capture is held back: it has 1 entries, and needs 45.")
NOTHING = ["– none"] * 5


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def took(key: str = KEY, hour: int = 6, chart: str = "ph", day: date = NOV_20) -> Attempt:
    return Attempt(chart, day, at(hour, day=day.day), "captured", key)


def failed(hour: int = 6, chart: str = "ph", day: date = NOV_20, why: str = "404: x.") -> Attempt:
    return Attempt(chart, day, at(hour, day=day.day), "failed", error=why)


def ran(run_id: str = RUN, key: str | None = KEY, checks=(PASSED,), left_out=(), published=True):
    hour = int(run_id[9:11])
    charts = {"ph": key} if key else {}
    asked = {"ph": checks} if checks else {}
    return Run(NOV_20, run_id, at(hour, 20) if published else None, charts, asked, left_out)


def holds(visible: str | None = RUN, **short) -> Warehouse:
    runs = short or {RUN: ()}
    seen = {(NOV_20, "ph"): visible} if visible else {}
    return Warehouse({(NOV_20, run): tables for run, tables in runs.items()}, seen)


def question(days=(NOV_20,), charts=(DAILY,), schedule=AT_SIX, only=None) -> Question:
    return Question(tuple(days), tuple(charts), schedule, only)


def line(
    facts: Facts, now: datetime = LATE, asked: Question | None = None, day=NOV_20
) -> list[str]:
    """The cells of the first chart on a day."""
    first = judge(asked or question(), facts, now)[0]
    return [f"{hop.sign.value} {hop.word}" for hop in first.days[day].values()]


def told(facts: Facts, now: datetime = LATE, asked: Question | None = None) -> list[str]:
    """What is listed as red: days, charts, hop and reason."""
    asked = asked or question()
    red = troubles(asked, facts, judge(asked, facts, now))
    return [f"{days_of(t.days)} {','.join(t.charts)} {t.hop}: {t.reason}" for t in red]


def lake(attempts=(), runs=(), warehouse: Warehouse | None = None, unreadable=()) -> Facts:
    return Facts(Raw(tuple(attempts), tuple(unreadable)), tuple(runs), warehouse or Warehouse())


WELL = ["✓ ok", "✓ ok", "✓ passed", "✓ ok", "✓ ok", "✓ ok"]


def test_a_chart_that_came_through_is_green():
    facts = lake([took()], [ran()], holds())
    assert line(facts) == WELL
    assert told(facts) == []


def test_a_weekly_chart_that_shows_the_edition_before_is_green_each_day():
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


def test_a_chart_that_failed_says_its_manifest_s_error_and_takes_no_other_along():
    world = Run(NOV_20, RUN, at(6, 20), {"world": "w"}, {"world": (PASSED,)})
    seen = Warehouse({(NOV_20, RUN): ()}, {(NOV_20, "world"): RUN})
    facts = lake([failed(), took("w", chart="world")], [world], seen)
    assert line(facts) == ["✗ failed", *NOTHING]
    assert line(facts, LATE, question(charts=[WEEKLY])) == WELL
    assert told(facts) == ["2026-11-20 ph captured: 404: x."]


@pytest.mark.parametrize("hours", [(6, 7), (7, 6)])
def test_a_failure_is_forgotten_where_another_capture_of_the_day_came_in(hours):
    good, bad = hours
    assert line(lake([took(hour=good), failed(bad)], [ran(NEWER)], holds(NEWER, **{NEWER: ()})))[
        :3
    ] == ["✓ ok", "✓ ok", "✓ passed"]


def test_a_capture_waits_for_an_hour_and_is_red_then():
    facts = lake([took()])
    assert line(facts, at(6, 59)) == ["✓ ok", "… waiting", *NOTHING[:3], "… waiting"]
    assert told(facts, at(6, 59)) == []
    assert line(facts, at(7)) == ["✓ ok", "✗ not built", *NOTHING[:4]]
    assert told(facts, at(7)) == [
        "2026-11-20 ph transformed: "
        "Its manifest is of 2026-11-20 06:00 UTC, and no run has read its file."
    ]


def test_the_last_capture_waits_while_the_one_before_it_is_seen():
    facts = lake([took(), took(LATER_KEY, 7)], [ran()], holds())
    assert line(facts, at(7, 30)) == ["✓ ok", "… waiting", *WELL[2:5], "✓ earlier"]
    assert line(facts, at(8)) == ["✓ ok", "✗ not built", *WELL[2:5], "✓ earlier"]


def test_a_run_that_names_the_file_has_read_it_whatever_the_clocks_say():
    assert line(lake([took(hour=9)], [ran()], holds()), at(20)) == WELL


def test_the_last_fit_capture_is_the_chart_of_its_day():
    unfit = LeftOut(LATER_KEY, "ph", "The capture is held back: it has 0 entries, and needs 45.")
    run = ran(NEWER, KEY, left_out=(unfit,))
    facts = lake([took(), took(LATER_KEY, 7)], [ran(), run], holds(NEWER, **{RUN: (), NEWER: ()}))
    assert line(facts) == WELL
    assert told(facts) == []


def test_a_chart_that_is_held_back_says_what_was_found_and_what_is_allowed():
    facts = lake([took()], [ran(key=None, checks=(FAILED,), left_out=(HELD,))], holds(None))
    assert line(facts) == ["✓ ok", "✓ ok", "✗ held", "✓ ok", "✓ ok", "– none"]
    assert told(facts) == [f"2026-11-20 ph gated: {HELD.reason}"]
    without_quarantine = Facts(None, (ran(key=None, checks=(FAILED,)),), holds(None))
    assert told(without_quarantine) == ["2026-11-20 ph gated: entries_at_least: found 1, limit 45."]


def test_a_capture_that_cannot_be_read_is_held_back_with_its_reason():
    unread = LeftOut(KEY, None, "The file is not JSON of a capture.")
    facts = lake([took()], [ran(key=None, checks=(), left_out=(unread,))], holds(None))
    assert told(facts) == ["2026-11-20 ph gated: The file is not JSON of a capture."]


def test_a_chart_that_is_held_back_stays_as_an_earlier_run_left_it():
    later = LeftOut(LATER_KEY, "ph", "The capture is held back: it has 1 entries, and needs 45.")
    runs = [ran(), ran(NEWER, KEY, (FAILED,), (later,))]
    facts = lake([took(), took(LATER_KEY, 7)], runs, holds(NEWER, **{RUN: (), NEWER: ()}))
    assert line(facts) == ["✓ ok", "✓ ok", "✗ kept", "✓ ok", "✓ ok", "✓ earlier"]
    assert told(facts) == [f"2026-11-20 ph gated: {later.reason}"]


def test_a_later_run_counts_and_what_was_wrong_with_the_one_before_is_over():
    runs = [ran(key=None, checks=(FAILED,), left_out=(HELD,)), ran(NEWER, LATER_KEY)]
    short = {RUN: (TableLoad("tracks", 0, 40),), NEWER: ()}
    facts = lake([took(), took(LATER_KEY, 7)], runs, holds(NEWER, **short))
    assert line(facts) == WELL
    assert told(facts) == []


def test_a_newer_run_that_broke_off_changes_nothing_where_the_capture_is_published():
    facts = lake([took()], [ran(), ran(NEWER, published=False)], holds())
    assert line(facts) == WELL


def test_a_run_without_its_manifest_is_running_for_an_hour_and_broken_then():
    facts = lake([took()], [ran(published=False)])
    assert line(facts, at(7, 14)) == [*WELL[:3], "… running", "– none", "… waiting"]
    assert line(facts, at(7, 15)) == [*WELL[:3], "✗ broken", "– none", "– none"]
    assert told(facts, at(7, 15)) == [
        f"2026-11-20 ph published: Run {RUN} wrote tables and no manifest: it broke off."
    ]


def test_a_run_of_which_half_has_arrived_names_its_tables():
    short = (TableLoad("albums", 1, 2), TableLoad("tracks", 0, 1_040))
    facts = lake([took()], [ran()], holds(None, **{RUN: short}))
    assert line(facts, at(7, 19)) == [*WELL[:4], "… loading", "… waiting"]
    assert line(facts, at(7, 20)) == [*WELL[:4], "✗ part", "– none"]
    assert told(facts, at(7, 20)) == [
        f"2026-11-20 ph loaded: Rows of run {RUN} have not arrived whole:"
        " albums 1 of 2, tracks 0 of 1,040."
    ]


def test_while_a_newer_run_is_half_loaded_the_older_one_is_seen():
    runs = [ran(), ran(NEWER)]
    facts = lake([took()], runs, holds(RUN, **{RUN: (), NEWER: (TableLoad("tracks", 0, 40),)}))
    assert line(facts) == [*WELL[:4], "✗ part", "✓ earlier"]


def test_a_run_whose_manifest_has_not_arrived_is_red_after_an_hour():
    facts = lake([took()], [ran()])
    assert line(facts, at(7, 19)) == [*WELL[:4], "… loading", "… waiting"]
    assert line(facts) == [*WELL[:4], "✗ missing", "– none"]
    assert told(facts) == [f"2026-11-20 ph loaded: The manifest of run {RUN} has not arrived."]


def test_a_chart_that_is_loaded_and_not_seen_is_red():
    assert line(lake([took()], [ran()], holds(None)))[5] == "✗ unseen"


def test_a_later_run_that_did_not_read_the_capture_does_not_stand_for_it():
    facts = lake([took(), took(LATER_KEY, 7)], [ran(), ran("20261120T080000Z")], holds())
    assert line(facts)[:2] == ["✓ ok", "✗ not built"]
    other_chart = Run(NOV_20, NEWER, at(7, 20), {"world": "w"}, {"world": (PASSED,)})
    assert line(lake([took()], [other_chart], holds()))[:3] == ["✓ ok", "✗ not built", "– none"]


def test_a_day_without_a_manifest_is_missed_an_hour_after_its_schedule():
    asked = question([NOV_19, NOV_20])
    facts = lake([took(day=NOV_19)])
    assert line(facts, at(6, 59), asked) == ["… due", *NOTHING]
    assert line(facts, at(7), asked) == ["✗ missing", *NOTHING]
    assert "2026-11-20 ph captured: This day has no manifest." in told(facts, LATE, asked)


def test_a_chart_that_the_day_s_manifests_do_not_name_is_told_apart():
    facts = lake([took(day=NOV_18), took("w", chart="world")])
    assert told(facts)[0] == (
        "2026-11-20 ph captured: The manifests of this day name other charts and not this one."
    )


def test_charts_and_days_with_the_same_trouble_are_one_line():
    asked = question([NOV_18, NOV_19, NOV_20], [DAILY, FILES])
    known = date(2026, 11, 1)
    facts = lake([failed(day=known), failed(day=known, chart="us")])
    assert told(facts, datetime(2026, 11, 30, tzinfo=UTC), asked) == [
        "2026-11-18 to 2026-11-20 ph captured: This day has no manifest.",
        "2026-11-18 to 2026-11-20 us captured: No file of this day was imported.",
    ]


def test_a_gap_before_the_chart_was_configured_is_none():
    asked = question([NOV_18, NOV_19, NOV_20], only="ph")
    facts = lake([took("w", chart="world", day=NOV_18), took()], [ran()], holds())
    assert line(facts, LATE, asked, NOV_18) == ["– none", *NOTHING]
    assert told(facts, LATE, asked) == []


def test_one_day_of_a_weekly_chart_does_for_a_week():
    asked = question([NOV_20], [WEEKLY])
    week_ago, six_days_ago = date(2026, 11, 13), date(2026, 11, 14)
    assert line(lake([took(chart="world", day=six_days_ago)]), LATE, asked)[0] == "– none"
    assert line(lake([took(chart="world", day=week_ago)]), LATE, asked)[0] == "✗ missing"


def test_nothing_is_missed_where_nothing_is_scheduled():
    asked = question(schedule=NO_SCHEDULE)
    assert line(lake([took(day=NOV_19)]), LATE, asked)[0] == "– none"
    others = question(schedule=Schedule(6, frozenset(["world"])))
    assert line(lake([took(day=NOV_19)]), LATE, others)[0] == "– none"


def test_a_file_is_missed_some_days_after_its_date():
    asked = question(charts=[FILES])
    facts = lake([took(chart="us", day=NOV_18)])
    assert line(facts, datetime(2026, 11, 23, 23, 59, tzinfo=UTC), asked)[0] == "… due"
    assert line(facts, datetime(2026, 11, 24, tzinfo=UTC), asked)[0] == "✗ missing"


def test_a_week_s_file_is_of_a_thursday():
    asked = question([NOV_19, NOV_20], [WEEK_FILES])
    facts = lake([took(chart="us_week", day=date(2026, 11, 12))])
    thursday, friday = (line(facts, at(0, day=30), asked, day)[0] for day in (NOV_19, NOV_20))
    assert (thursday, friday) == ("✗ missing", "– none")


def test_a_chart_of_files_is_not_red_where_the_schedule_passes_over_it():
    asked = question(charts=[FILES])
    passed_over = Attempt("us", NOV_20, at(6), "skipped", error="Its source is charts_csv.")
    assert line(lake([passed_over]), LATE, asked)[0] == "… due"


def test_a_file_that_is_in_raw_already_was_captured():
    again = Attempt("ph", NOV_20, at(9), "skipped", KEY, "It is already imported.")
    assert line(lake([again], [ran()], holds())) == WELL


def test_a_chart_that_was_never_captured_is_red_where_a_schedule_promised_it():
    facts = lake([took()], [ran()], holds())
    asked = question(charts=CHARTS)
    assert told(facts, LATE, asked) == [
        "no day yet world captured: charts.toml has it, and no manifest names it yet.",
        "no day yet us,us_week captured: charts.toml has it, and no manifest names it yet.",
    ]
    assert told(facts, LATE, question(charts=CHARTS, schedule=LAPTOP)) == []
    assert [s.chart_id for s in judge(asked, facts, LATE) if s.is_new] == [
        *("world", "us", "us_week")
    ]


def test_a_chart_of_files_is_waited_for_without_any_schedule():
    asked = question(charts=[DAILY, FILES], schedule=NO_SCHEDULE)
    assert told(lake(), LATE, asked) == [
        "no day yet us captured: charts.toml has it, and no manifest names it yet."
    ]


def test_what_is_red_is_listed_newest_day_first_and_by_hop():
    asked = question([NOV_18, NOV_19, NOV_20])
    facts = lake([failed(day=NOV_18, why="old."), failed(why="new."), took("k", day=NOV_19)])
    assert [entry.partition(": ")[0] for entry in told(facts, LATE, asked)] == [
        "2026-11-20 ph captured",
        "2026-11-19 ph transformed",
        "2026-11-18 ph captured",
    ]


def test_an_empty_lake_has_every_chart_to_come():
    assert told(lake()) == [
        "no day yet ph captured: charts.toml has it, and no manifest names it yet."
    ]


def test_a_chart_that_charts_toml_no_longer_has_is_judged_on_the_days_it_was_captured():
    asked = question([NOV_19, NOV_20], charts=[WEEKLY])
    facts = lake([took(day=NOV_19)])
    other = judge(asked, facts, LATE)[1]
    assert (other.chart_id, other.chart) == ("ph", None)
    assert other.days[NOV_19]["transformed"].word == "not built"
    assert other.days[NOV_20]["captured"].word == "none"
    long_gone = lake([took(day=date(2026, 11, 14))])
    assert [s.chart_id for s in judge(asked, long_gone, LATE)] == ["world"]


def test_a_manifest_that_cannot_be_read_is_one_line_for_all_charts():
    broken = Unreadable(NOV_20, "raw/manifests/dt=2026-11-20/x.json", "is no manifest (x).")
    known = [took(day=NOV_18), took(day=NOV_18, chart="world")]
    facts = lake(known, unreadable=[broken])
    assert line(facts) == ["✗ unclear", *NOTHING]
    assert told(facts) == [
        "2026-11-20  captured: raw/manifests/dt=2026-11-20/x.json is no manifest (x)."
    ]
    assert line(lake([took()], [ran()], holds(), [broken])) == WELL
    before = Unreadable(NOV_19, "raw/manifests/dt=2026-11-19/x.json", "is no manifest (x).")
    assert told(lake([took()], [ran()], holds(), [before])) == []


def test_what_could_not_be_asked_is_unknown_and_not_red():
    facts = Facts(Raw((took(),)), None, None)
    assert line(facts) == ["✓ ok", *["? unknown"] * 5]
    assert told(facts) == []
    assert line(Facts(None, (ran(),), None)) == [*WELL[:4], "? unknown", "? unknown"]
    assert line(Facts(None, (), None))[0] == "? unknown"
    only_loaded = Facts(None, None, holds())
    assert line(only_loaded) == ["✓ ok", "? unknown", "? unknown", "? unknown", "✓ ok", "✓ ok"]


def test_what_is_loaded_does_not_tell_that_a_chart_should_be_seen():
    facts = Facts(Raw((took(),)), None, holds(None))
    assert line(facts)[4:] == ["✓ ok", "? unknown"]


def test_a_chart_is_held_back_by_what_quarantine_says_of_it_alone():
    facts = Facts(None, (ran(key=None, checks=(), left_out=(HELD,)),), None)
    assert line(facts)[2] == "✗ held"
    assert told(facts) == [f"2026-11-20 ph gated: {HELD.reason}"]


def test_what_is_missing_of_a_run_is_no_matter_once_a_newer_one_is_seen():
    short = {RUN: (TableLoad("tracks", 0, 40),), NEWER: ()}
    assert line(lake([took()], [ran()], holds(NEWER, **short))) == WELL


def test_a_chart_without_manifests_is_told_by_its_tables():
    assert line(lake([], [ran()], holds())) == WELL


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
    root = Path(__file__).parents[1]
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
