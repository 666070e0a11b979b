from datetime import date

from chartlake.contract.tables import CHART_SNAPSHOTS
from glue_jobs.raw.playlists import explode_positions, parse_files
from glue_jobs.tables.chart_entries import (
    build_chart_snapshots,
    describe_entries,
    describe_snapshots,
    select_charted,
)
from glue_jobs.tables.quality import check_captures, choose_captures, measure_captures
from tests.support.rows import rows
from tests.support.spark_builders import entry, nothing, raw_files, write_capture

DAYS = [date(2026, 10, day) for day in range(1, 6)]


def choose(spark, root, days):
    captures = parse_files(raw_files(spark, root, days))
    positions = explode_positions(captures)
    chosen = choose_captures(
        check_captures(measure_captures(captures, positions, nothing(spark, CHART_SNAPSHOTS)))
    )
    return chosen, positions


def snapshots(spark, root, days, previous=None):
    before = nothing(spark, CHART_SNAPSHOTS) if previous is None else previous
    chosen, _ = choose(spark, root, days)
    return build_chart_snapshots(describe_snapshots(chosen), before)


def test_ranks_are_chart_positions_even_around_a_missing_track(spark, root):
    write_capture(root, "2026-10-01T06:00:00Z", [entry("a"), None, entry("c")])
    entries = describe_entries(select_charted(*choose(spark, root, DAYS[:1])))
    assert rows(entries, "chart_id", "rank", "track_id") == [("top", 1, "a"), ("top", 3, "c")]


def test_a_day_without_missing_tracks_is_complete(spark, root):
    write_capture(root, "2026-10-01T06:00:00Z", [entry("a"), entry("b"), entry("c")])
    entries = describe_entries(select_charted(*choose(spark, root, DAYS[:1])))
    assert rows(entries, "rank", "track_id") == [(1, "a"), (2, "b"), (3, "c")]


def test_a_song_with_two_track_ids_has_one_key(spark, root):
    first, second = entry("a", "Ana", name="Stay"), entry("b", "Ana", name="STAY (feat. Bo)")
    write_capture(root, "2026-10-01T06:00:00Z", [first, second, entry("c")])
    entries = describe_entries(select_charted(*choose(spark, root, DAYS[:1])))
    keys = [song_key for _, song_key in rows(entries, "rank", "song_key")]
    assert keys[0] == keys[1] != keys[2]


def test_a_snapshot_has_the_counts_of_its_chart(spark, root):
    gone, unreadable = entry("n", name=None), entry("not an id")
    entries = [entry("a"), None, entry("c"), entry("e", type="episode"), gone, unreadable]
    write_capture(root, "2026-10-01T06:00:00Z", entries)
    assert rows(
        snapshots(spark, root, DAYS[:1]),
        "chart_id",
        "entries",
        "null_entries",
        "local_entries",
        "episode_entries",
        "rejected_entries",
    ) == [("top", 2, 2, 0, 1, 1)]


def test_an_unchanged_chart_is_a_repeat(spark, root):
    early, late = "2026-10-01T03:00:00Z", "2026-10-03T03:00:00Z"

    def chart(*track_ids, added_at):
        return [entry(track_id) | {"added_at": added_at} for track_id in track_ids]

    write_capture(root, "2026-10-01T06:00:00Z", chart("a", "b", added_at=early))
    write_capture(root, "2026-10-02T06:00:00Z", chart("a", "b", added_at=early))
    write_capture(root, "2026-10-03T06:00:00Z", chart("a", "b", added_at=late))
    write_capture(root, "2026-10-04T06:00:00Z", chart("b", "a", added_at=None))
    write_capture(root, "2026-10-05T06:00:00Z", chart("b", "a", added_at=None))
    assert rows(snapshots(spark, root, DAYS), "snapshot_date", "is_repeat") == [
        (DAYS[0], False),
        (DAYS[1], True),
        (DAYS[2], False),
        (DAYS[3], False),
        (DAYS[4], True),
    ]


def test_a_repeat_is_recognised_across_runs(spark, root):
    write_capture(root, "2026-10-01T06:00:00Z", [entry("a"), entry("b")])
    write_capture(root, "2026-10-02T06:00:00Z", [entry("a"), entry("b")])
    before = snapshots(spark, root, DAYS[:1])
    after = snapshots(spark, root, DAYS[1:2], previous=before)
    assert rows(after, "snapshot_date", "is_repeat") == [(DAYS[1], True)]
