"""Which song a track is: `track:key` words are entries, one word a day's rank 1, 2, …"""

from datetime import date

import pytest

from glue_jobs.tables.songs import find_songs, keep_first
from tests.support.trend_builders import frame_of

SCHEMA = """snapshot_date date, chart_id string, rank int, track_id string, song_key string,
    song_id string"""


def frame(spark, days, songs=None):
    """Entries of days of October 2026, with their songs if they are published."""
    rows = []
    for (day, chart), words in days.items():
        for rank, word in enumerate(words.split(), start=1):
            track, key = word.split(":")
            song = songs[track] if songs else None
            rows.append((date(2026, 10, day), chart, rank, track, key, song))
    return frame_of(spark, rows, SCHEMA)


def songs_of(spark, days, before=None):
    known = frame(spark, before[0], before[1]) if before else frame(spark, {})
    found = find_songs(frame(spark, days).drop("song_id"), known).collect()
    shown = {word.split(":")[0] for words in days.values() for word in words.split()}
    return {row["track_id"]: row["song_id"] for row in found if row["track_id"] in shown}


def test_a_renamed_track_stays_the_song_it_was_first_seen_as(spark):
    assert songs_of(spark, {(1, "top"): "t:K", (2, "top"): "t:L"}) == {"t": "K"}


def test_a_new_track_joins_the_song_with_its_title_and_artists(spark):
    assert songs_of(spark, {(1, "top"): "t:K", (2, "top"): "u:K"}) == {"t": "K", "u": "K"}


def test_a_new_track_joins_a_renamed_song_by_its_new_title(spark):
    days = {(1, "top"): "t:K", (2, "top"): "t:L", (3, "top"): "u:L"}
    assert songs_of(spark, days) == {"t": "K", "u": "K"}


def test_a_title_stays_with_its_song_when_another_track_gets_it(spark):
    """A title that names a song stays with it when another track is renamed to it."""
    days = {(1, "top"): "t:K u:L", (2, "top"): "u:K", (3, "top"): "v:K w:L"}
    assert songs_of(spark, days) == {"t": "K", "u": "L", "v": "K", "w": "L"}


@pytest.mark.parametrize("length", [3, 6])
def test_a_chain_of_renamings_leads_to_the_first_of_them(spark, length):
    days = {}
    for number in range(length):
        days[2 * number + 1, "top"] = f"t{number}:K{number}"
        days[2 * number + 2, "top"] = f"t{number}:K{number + 1}"
    assert songs_of(spark, days) == {f"t{number}": "K0" for number in range(length)}


def test_entries_are_ordered_by_date_then_chart_then_rank(spark):
    assert songs_of(spark, {(2, "a"): "t:K", (1, "b"): "t:L"}) == {"t": "L"}
    assert songs_of(spark, {(1, "b"): "t:K", (1, "a"): "t:L"}) == {"t": "L"}
    assert songs_of(spark, {(1, "a"): "t:K t:L"}) == {"t": "K"}


def test_published_days_come_before_the_days_being_built(spark):
    before = {(1, "top"): "t:K u:L", (2, "top"): "t:M"}, {"t": "K", "u": "L"}
    days = {(3, "a"): "t:N v:M w:L x:N y:Z"}
    songs = {"t": "K", "v": "K", "w": "L", "x": "K", "y": "Z"}
    assert songs_of(spark, days, before) == songs


def test_later_published_titles_of_another_song_are_ignored(spark):
    """Published titles of another song do not count if they came later."""
    before = {(1, "top"): "t:K u:L", (2, "top"): "t:L"}, {"t": "K", "u": "L"}
    assert songs_of(spark, {(3, "top"): "v:L"}, before) == {"v": "L"}


def test_only_the_first_entry_per_track_and_title_is_kept(spark):
    """The first entry of each track under each title is all that is kept."""
    entries = frame(
        spark,
        {(2, "a"): "t:K", (1, "b"): "t:K u:K", (1, "c"): "t:K", (3, "a"): "t:L"},
        {"t": "K", "u": "K"},
    )
    kept = keep_first(entries).orderBy("track_id", "song_key")
    assert [tuple(row) for row in kept.select(*entries.columns).collect()] == [
        (date(2026, 10, 1), "b", 1, "t", "K", "K"),
        (date(2026, 10, 3), "a", 1, "t", "L", "K"),
        (date(2026, 10, 1), "b", 2, "u", "K", "K"),
    ]
