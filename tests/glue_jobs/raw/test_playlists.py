import json
from datetime import date

import pytest

from chartlake.contract.tables import CHART_SNAPSHOTS
from glue_jobs.lake.read import days_under
from glue_jobs.raw.playlists import explode_positions, parse_files
from glue_jobs.tables.quality import measure_captures
from tests.support.rows import rows
from tests.support.spark_builders import CHART, entry, nothing, raw_files, write_capture, write_raw

pytestmark = pytest.mark.faults

DAY = date(2026, 10, 1)
AT = "2026-10-01T06:00:00Z"
KEY = "raw/playlists/dt=2026-10-01/chart=top/20261001T060000000000Z.json"


def parse(spark, root):
    return parse_files(raw_files(spark, root, [DAY]))


def test_places_without_a_track_keep_their_rank_and_are_counted(spark, root):
    local = {
        "added_at": None,
        "is_local": True,
        "track": {"id": None, "type": "track", "name": "X"},
    }
    episode = entry("e1", type="episode")
    no_track = {"added_at": None, "is_local": False, "track": None}
    odd = entry("b1", "Ana", duration_ms="long")
    nameless, broken = entry("n1", "Ana", name=None), entry("c!", "Ana")
    entries = [entry("a"), no_track, local, episode, None, odd, nameless, broken, entry("z")]
    write_capture(root, AT, entries)
    captures = parse(spark, root)
    positions = explode_positions(captures)
    assert rows(positions, "rank", "track.id", "kind") == [
        (1, "a", "track"),
        (2, None, "null"),
        (3, None, "local"),
        (4, "e1", "episode"),
        (5, None, "null"),
        (6, "b1", "track"),
        (7, "n1", "null"),
        (8, "c!", "rejected"),
        (9, "z", "track"),
    ]
    assert rows(
        measure_captures(captures, positions, nothing(spark, CHART_SNAPSHOTS)),
        "source_file",
        "track_positions",
        "null_positions",
        "local_positions",
        "episode_positions",
        "rejected_positions",
    ) == [(KEY, 3, 3, 1, 1, 1)]


def test_an_entry_is_read_in_both_of_spotifys_shapes(spark, root):
    """If an entry has both, `item` counts: it is the newer name."""
    both = entry("an older name") | {"item": entry("c")["track"]}
    write_capture(root, AT, [entry("a"), entry("b", key="item"), both])
    assert rows(explode_positions(parse(spark, root)), "rank", "track.id", "kind") == [
        (1, "a", "track"),
        (2, "b", "track"),
        (3, "c", "track"),
    ]


def test_fields_omitted_by_spotify_are_null(spark, root):
    write_capture(root, AT, [entry("a")])
    track = explode_positions(parse(spark, root)).select("track.*")
    assert rows(track, "id", "popularity", "explicit", "external_ids.isrc", "album.images") == [
        ("a", None, None, None, None)
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<html>Bad gateway</html>", "The file is not a capture in JSON."),
        ("", "The file is not a capture in JSON."),
        ('{"snapshot_date": "2026-', "The file is not a capture in JSON."),
        ("[1, 2]", "The file is not a capture in JSON."),
        ("[" * 5000, "The file is not a capture in JSON."),
        (
            json.dumps(
                {
                    "chart": {key: value for key, value in CHART.items() if key != "tolerance"},
                    "snapshot_date": "2026-10-01",
                    "captured_at": "2026-10-01T04:00:00Z",
                    "payload": {"items": []},
                }
            ),
            "The file is missing captured_at, the chart's settings or the entries.",
        ),
        (
            json.dumps({"chart": {"chart_id": "other"}, "snapshot_date": "2026-10-01"}),
            "The file's chart or date does not match its folder.",
        ),
        (
            json.dumps({"chart": {"chart_id": "top"}, "snapshot_date": "2026-10-02"}),
            "The file's chart or date does not match its folder.",
        ),
        (
            json.dumps({"chart": {"chart_id": "top"}, "snapshot_date": "2026-10-01"}),
            "The file is missing captured_at, the chart's settings or the entries.",
        ),
    ],
)
def test_an_invalid_capture_says_why_and_the_others_are_read(spark, root, content, reason):
    write_raw(root / KEY, content)
    write_capture(root, "2026-10-01T05:00:00Z", [entry("a")])
    assert rows(parse(spark, root), "captured_at", "source_file", "reason")[0][1:] == (KEY, reason)
    assert rows(parse(spark, root).where("reason is null"), "chart_id") == [("top",)]


def test_a_file_outside_a_chart_folder_is_reported(spark, root):
    path = write_capture(root, AT, [entry("a")])
    path.rename(path.parent.parent / "stray.json")
    assert rows(parse(spark, root), "source_file", "chart_id", "reason") == [
        (
            "raw/playlists/dt=2026-10-01/stray.json",
            "",
            "The file's chart or date does not match its folder.",
        )
    ]


def test_equal_editions_have_equal_hashes(spark, root):
    write_capture(root, "2026-10-01T01:00:00Z", [entry("a"), entry("b")])
    write_capture(root, "2026-10-01T02:00:00Z", [entry("a", popularity=7), entry("b", key="item")])
    write_capture(root, "2026-10-01T03:00:00Z", [entry("b"), entry("a")])
    write_capture(root, "2026-10-01T04:00:00Z", [entry("a"), None, entry("b")])
    captures = parse(spark, root)
    measured = measure_captures(
        captures, explode_positions(captures), nothing(spark, CHART_SNAPSHOTS)
    )
    hashes = [row[1] for row in rows(measured, "captured_at", "edition_hash")]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


@pytest.mark.parametrize("added_at", ["12:00", "2026", "2026-02-30T00:00:00Z", 5, "+12345-01-01"])
def test_an_invalid_added_at_is_null(spark, root, added_at):
    write_capture(root, AT, [entry("a") | {"added_at": added_at}, entry("z")])
    assert rows(explode_positions(parse(spark, root)), "rank", "kind", "added_at") == [
        (1, "track", None),
        (2, "track", None),
    ]


def test_a_file_that_is_not_utf_8_is_rejected_with_its_record(spark, root):
    write_capture(root, AT, [entry("a")]).write_bytes(b'{"chart": "\xff\xfe"}')
    assert rows(parse(spark, root), "reason", "record") == [
        ("The file is not UTF-8.", '{"chart": "\ufffd\ufffd"}')
    ]


@pytest.mark.fault(
    table="input",
    what="a folder in raw that is not a valid date",
    how="a folder `dt=2026-02-30`",
    then="it is ignored and named; the other days are read",
)
def test_a_folder_with_an_invalid_date_is_ignored_and_reported(spark, root, caplog):
    for name in ("dt=2026-10-01", "dt=2026-02-30", "dt=x"):
        (root / name).mkdir()
    assert days_under(spark, f"s3://lake/{root.name}") == [DAY]
    assert caplog.messages == ["dt=2026-02-30 is not a valid date; ignored."]
