"""When a chart is due, when it is missing, and when it is not expected."""

from datetime import UTC, date, datetime

from chartlake.status.expectation import Schedule
from chartlake.status.facts import Attempt
from chartlake.status.judge import judge
from tests.support.status_builders import (
    CHARTS,
    DAILY,
    FILES,
    KEY,
    LAPTOP,
    LATE,
    NO_SCHEDULE,
    NOTHING,
    NOV_18,
    NOV_19,
    NOV_20,
    WEEK_FILES,
    WEEKLY,
    WELL,
    at,
    holds,
    lake,
    line,
    question,
    ran,
    told,
    took,
)


def test_a_day_without_a_manifest_is_missed_an_hour_after_its_schedule():
    asked = question([NOV_19, NOV_20])
    facts = lake([took(day=NOV_19)])
    assert line(facts, at(6, 59), asked) == ["… due", *NOTHING]
    assert line(facts, at(7), asked) == ["✗ missing", *NOTHING]
    assert "2026-11-20 ph captured: This day has no manifest." in told(facts, LATE, asked)


def test_a_chart_missing_from_the_manifests_is_reported_separately():
    facts = lake([took(day=NOV_18), took("w", chart="world")])
    assert told(facts)[0] == (
        "2026-11-20 ph captured: The manifests of this day name other charts, but not this one."
    )


def test_days_before_a_chart_was_configured_are_not_missing():
    asked = question([NOV_18, NOV_19, NOV_20], only="ph")
    facts = lake([took("w", chart="world", day=NOV_18), took()], [ran()], holds())
    assert line(facts, LATE, asked, NOV_18) == ["– none", *NOTHING]
    assert told(facts, LATE, asked) == []


def test_one_day_of_a_weekly_chart_covers_its_week():
    asked = question([NOV_20], [WEEKLY])
    week_ago, six_days_ago = date(2026, 11, 13), date(2026, 11, 14)
    assert line(lake([took(chart="world", day=six_days_ago)]), LATE, asked)[0] == "– none"
    assert line(lake([took(chart="world", day=week_ago)]), LATE, asked)[0] == "✗ missing"


def test_without_a_schedule_no_day_is_missing():
    asked = question(schedule=NO_SCHEDULE)
    assert line(lake([took(day=NOV_19)]), LATE, asked)[0] == "– none"
    others = question(schedule=Schedule(6, frozenset(["world"])))
    assert line(lake([took(day=NOV_19)]), LATE, others)[0] == "– none"


def test_a_file_is_missing_some_days_after_its_date():
    asked = question(charts=[FILES])
    facts = lake([took(chart="us", day=NOV_18)])
    assert line(facts, datetime(2026, 11, 23, 23, 59, tzinfo=UTC), asked)[0] == "… due"
    assert line(facts, datetime(2026, 11, 24, tzinfo=UTC), asked)[0] == "✗ missing"


def test_a_weekly_file_is_expected_on_thursdays():
    asked = question([NOV_19, NOV_20], [WEEK_FILES])
    facts = lake([took(chart="us_week", day=date(2026, 11, 12))])
    thursday, friday = (line(facts, at(0, day=30), asked, day)[0] for day in (NOV_19, NOV_20))
    assert (thursday, friday) == ("✗ missing", "– none")


def test_a_chart_from_files_that_the_schedule_skips_is_not_red():
    asked = question(charts=[FILES])
    passed_over = Attempt("us", NOV_20, at(6), "skipped", error="Its source is charts_csv.")
    assert line(lake([passed_over]), LATE, asked)[0] == "… due"


def test_a_file_in_raw_counts_as_captured():
    again = Attempt("ph", NOV_20, at(9), "skipped", KEY, "It is already imported.")
    assert line(lake([again], [ran()], holds())) == WELL


def test_a_scheduled_chart_that_was_never_captured_is_red():
    facts = lake([took()], [ran()], holds())
    asked = question(charts=CHARTS)
    assert told(facts, LATE, asked) == [
        "no day yet world captured: It is in charts.toml, but in no manifest yet.",
        "no day yet us,us_week captured: It is in charts.toml, but in no manifest yet.",
    ]
    assert told(facts, LATE, question(charts=CHARTS, schedule=LAPTOP)) == []
    assert [s.chart_id for s in judge(asked, facts, LATE) if s.is_new] == [
        *("world", "us", "us_week")
    ]


def test_a_chart_from_files_is_expected_without_a_schedule():
    asked = question(charts=[DAILY, FILES], schedule=NO_SCHEDULE)
    assert told(lake(), LATE, asked) == [
        "no day yet us captured: It is in charts.toml, but in no manifest yet."
    ]


def test_in_an_empty_lake_every_chart_is_pending():
    assert told(lake()) == ["no day yet ph captured: It is in charts.toml, but in no manifest yet."]


def test_a_chart_removed_from_charts_toml_is_judged_on_captured_days():
    """A chart that charts.toml no longer has is judged on the days it was captured."""
    asked = question([NOV_19, NOV_20], charts=[WEEKLY])
    facts = lake([took(day=NOV_19)])
    other = judge(asked, facts, LATE)[1]
    assert (other.chart_id, other.chart) == ("ph", None)
    assert other.days[NOV_19]["transformed"].word == "not built"
    assert other.days[NOV_20]["captured"].word == "none"
    long_gone = lake([took(day=date(2026, 11, 14))])
    assert [s.chart_id for s in judge(asked, long_gone, LATE)] == ["world"]
