from datetime import date

from pyspark.sql import functions as F

from glue_jobs.raw.playlists import explode_positions, parse_files
from glue_jobs.tables.quality import (
    build_quality_results,
    build_quarantine,
    check_captures,
    choose_captures,
    measure_captures,
)
from tests.support.rows import rows
from tests.support.spark_builders import entry, raw_files, write_capture, write_raw
from tests.support.trend_builders import frame_of

DAY = date(2026, 10, 1)
TWO = [entry("a"), entry("b")]


def check(spark, root, *published_entries):
    published = frame_of(
        spark, list(published_entries), "snapshot_date date, chart_id string, entries int"
    )
    files = parse_files(raw_files(spark, root, [DAY]))
    positions = explode_positions(files.where("reason is null"))
    checked = check_captures(measure_captures(files.where("reason is null"), positions, published))
    return files, positions, checked


def key(path):
    return str(path)[str(path).index("raw/playlists") :]


def test_the_last_capture_of_a_day_is_its_chart(spark, root):
    write_capture(root, "2026-10-01T06:00:00Z", TWO)
    last = write_capture(root, "2026-10-01T18:00:00Z", TWO)
    _, _, checked = check(spark, root)
    assert rows(choose_captures(checked), "source_file", "passed") == [(key(last), True)]


def test_an_invalid_capture_falls_back_to_an_earlier_one_of_the_day(spark, root):
    fit = write_capture(root, "2026-10-01T06:00:00Z", TWO)
    write_capture(root, "2026-10-01T18:00:00Z", [entry("a")])
    _, _, checked = check(spark, root)
    assert rows(choose_captures(checked), "source_file", "passed") == [(key(fit), True)]


def test_a_chart_is_checked_against_its_own_size_and_tolerance(spark, root):
    write_capture(root, "2026-10-01T06:00:00Z", TWO)
    write_capture(root, "2026-10-01T06:00:00Z", TWO, chart_id="large", expected_size=4, tolerance=1)
    write_capture(root, "2026-10-01T06:00:00Z", TWO, chart_id="loose", expected_size=4, tolerance=2)
    write_capture(root, "2026-10-01T06:00:00Z", [], chart_id="empty")
    _, _, checked = check(spark, root)
    assert rows(
        build_quality_results(choose_captures(checked)).where("rule = 'entries_at_least'"),
        "snapshot_date",
        "chart_id",
        "rule",
        "observed",
        "limit_value",
        "passed",
    ) == [
        (DAY, "empty", "entries_at_least", 0.0, 2.0, False),
        (DAY, "large", "entries_at_least", 2.0, 3.0, False),
        (DAY, "loose", "entries_at_least", 2.0, 2.0, True),
        (DAY, "top", "entries_at_least", 2.0, 2.0, True),
    ]


def test_quarantine_names_every_rejected_file_capture_and_entry(spark, root):
    write_capture(root, "2026-10-01T06:00:00Z", [*TWO, entry("c", name=[])])
    small = write_capture(root, "2026-10-01T07:00:00Z", [entry("a")])
    broken = write_raw(small.with_name("broken.json"), "<html>")
    found = build_quarantine(*check(spark, root))
    columns = ["position", "chart_id", "source_file", "reason"]
    assert rows(found.where("position = 0"), *columns) == [
        (
            0,
            "top",
            key(small),
            "The capture is held back: it has 1 entry and needs 2.",
        ),
        (0, "top", key(broken), "The file is not a capture in JSON."),
    ]
    assert rows(found.where("position > 0"), "position", "reason") == [
        (3, "The entry's track name cannot be read."),
    ]
    assert rows(found.where("reason like '%not a capture in JSON%'"), "record") == [("<html>",)]


def test_reasons_for_holding_back_have_numbers_that_agree(spark, root):
    at, three = "2026-10-01T06:00:00Z", [*TWO, entry("c")]
    no_album = [entry("d", album=None), entry("e", album=None)]
    refreshed = [{**one, "added_at": "2026-09-27T00:00:00Z"} for one in TWO]
    for size in (0, 1, 2):
        write_capture(root, at, TWO[:size], chart_id=f"small_{size}", expected_size=3)
        write_capture(root, at, TWO[:size], chart_id=f"shrunk_{size}", expected_size=1)
    for number in (1, 2):
        write_capture(root, at, three[: number + 1], chart_id=f"twice_{number}")
        write_capture(root, at, TWO, chart_id=f"missing_{number}")
        write_capture(root, at, [*TWO, *no_album[:number]], chart_id=f"no_album_{number}")
    write_capture(root, at, refreshed, chart_id="stale_4")
    chart, rank = F.col("chart_id"), F.col("rank")
    files, positions, _ = check(spark, root)
    ranked = positions.withColumn(
        "rank",
        F.when(chart.like("twice%"), 1)
        .when(chart == "missing_1", rank + 1)
        .when(chart == "missing_2", rank + 2)
        .otherwise(rank),
    )
    published = frame_of(
        spark,
        [(DAY, f"shrunk_{size}", 5) for size in (0, 1, 2)],
        "snapshot_date date, chart_id string, entries int",
    )
    checked = check_captures(measure_captures(files, ranked, published))
    held_back = "The capture is held back: "
    shrunk = "four fifths of the published entries."
    assert rows(build_quarantine(files, ranked, checked), "chart_id", "reason") == [
        ("missing_1", f"{held_back}1 rank is missing; the limit is 0."),
        ("missing_2", f"{held_back}2 ranks are missing; the limit is 0."),
        ("no_album_1", f"{held_back}1 entry has no album; the limit is 0."),
        ("no_album_2", f"{held_back}2 entries have no album; the limit is 0."),
        (
            "shrunk_0",
            f"{held_back}it has 0 entries and needs 1; it has 0 entries and needs 4, {shrunk}",
        ),
        ("shrunk_1", f"{held_back}it has 1 entry and needs 4, {shrunk}"),
        ("shrunk_2", f"{held_back}it has 2 entries and needs 4, {shrunk}"),
        ("small_0", f"{held_back}it has 0 entries and needs 3."),
        ("small_1", f"{held_back}it has 1 entry and needs 3."),
        ("small_2", f"{held_back}it has 2 entries and needs 3."),
        ("stale_4", f"{held_back}Spotify last refreshed it 4 days before; the limit is 3."),
        ("twice_1", f"{held_back}1 rank is duplicated."),
        ("twice_2", f"{held_back}2 ranks are duplicated."),
    ]
