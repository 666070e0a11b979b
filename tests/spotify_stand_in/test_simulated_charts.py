import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from chartlake.contract.chart_config import Chart, read_charts
from chartlake.spotify_stand_in.simulated_charts import simulated_playlist, simulated_source
from tests.support.spotify_fixtures import GLOBAL, PHILIPPINES, WEEKLY

OCTOBER = [date(2026, 10, 1) + timedelta(days) for days in range(30)]
SongKey = tuple[str, tuple[str, ...]]


def song_of(entry: dict[str, Any]) -> SongKey | None:
    track = entry["track"]
    if track is None or track["is_local"] or track["type"] == "episode":
        return None
    return track["name"], tuple(artist["name"] for artist in track["artists"])


def ranks(chart: Chart, day: date) -> dict[SongKey, int]:
    entries = enumerate(simulated_playlist(chart, day)["items"], start=1)
    return {song: rank for rank, entry in entries if (song := song_of(entry))}


def odd_positions(chart: Chart) -> list[tuple[int, int, str]]:
    """Day of October, rank and kind of every position without a Spotify track."""
    found = []
    for day in OCTOBER:
        for rank, entry in enumerate(simulated_playlist(chart, day)["items"], start=1):
            if song_of(entry) is None:
                held = entry["track"]
                kind = "null" if held is None else "local" if held["is_local"] else held["type"]
                found.append((day.day, rank, kind))
    return found


def test_every_chart_has_all_its_positions_every_day() -> None:
    for chart in read_charts(Path("charts.toml")):
        for day in OCTOBER:
            playlist = simulated_playlist(chart, day)
            assert (len(playlist["items"]), playlist["total"]) == (50, 50)
            assert playlist["id"] == chart.playlist_id


def test_a_day_is_the_same_in_another_process() -> None:
    script = (
        "from datetime import date\n"
        "from chartlake.spotify_stand_in.simulated_charts import simulated_playlist\n"
        "from tests.support.spotify_fixtures import GLOBAL\n"
        "print(ascii(simulated_playlist(GLOBAL, date(2026, 10, 20))), end='')\n"
    )
    there = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert there.stdout == ascii(simulated_playlist(GLOBAL, date(2026, 10, 20)))


def test_songs_debut_leave_and_come_back_every_few_days() -> None:
    before = ranks(GLOBAL, OCTOBER[0])
    seen = set(before)
    debuts, returns, exits = [], [], []
    for day in OCTOBER[1:]:
        now = ranks(GLOBAL, day)
        debuts.append(len(now.keys() - seen))
        returns.append(len((now.keys() & seen) - before.keys()))
        exits.append(len(before.keys() - now.keys()))
        seen |= now.keys()
        before = now
    assert (sum(debuts), max(debuts)) == (44, 4)
    assert (sum(returns), sum(exits)) == (27, 71)


def test_most_songs_move_five_places_or_fewer_from_day_to_day() -> None:
    moves = []
    for yesterday, today in zip(OCTOBER, OCTOBER[1:], strict=False):
        before, now = ranks(GLOBAL, yesterday), ranks(GLOBAL, today)
        moves += [abs(before[song] - now[song]) for song in before.keys() & now.keys()]
    assert sum(move <= 5 for move in moves) / len(moves) > 0.9
    assert sum(move > 0 for move in moves) / len(moves) > 0.5


def test_a_song_climbs_from_its_debut_to_the_top() -> None:
    song = ("겨울 우주", ("하늘결",))
    days = [date(2026, 10, day) for day in (8, 9, 10, 11, 12, 13)]
    assert [ranks(GLOBAL, day).get(song) for day in days] == [None, 47, 19, 8, 3, 2]


def test_a_reissued_song_continues_under_a_new_track_and_album() -> None:
    def found(day: int) -> dict[str, Any]:
        entries = simulated_playlist(GLOBAL, date(2026, 10, day))["items"]
        return next(e["track"] for e in entries if e["track"]["name"] == "Almost Thunder")

    before, after = found(23), found(25)
    assert before["id"] != after["id"]
    assert before["artists"] == after["artists"]
    assert [before["album"]["name"], after["album"]["name"]] == [
        "Almost Thunder",
        "Almost Thunder (Deluxe)",
    ]


def test_global_and_national_charts_share_songs_in_another_order() -> None:
    world, country = ranks(GLOBAL, OCTOBER[0]), ranks(PHILIPPINES, OCTOBER[0])
    shared = world.keys() & country.keys()
    assert 20 <= len(shared) <= 45
    assert sorted(shared, key=world.__getitem__) != sorted(shared, key=country.__getitem__)


def test_a_daily_chart_sometimes_repeats_yesterdays() -> None:
    stale = [
        today.day
        for yesterday, today in zip(OCTOBER, OCTOBER[1:], strict=False)
        if simulated_playlist(GLOBAL, today) == simulated_playlist(GLOBAL, yesterday)
    ]
    assert stale == [16, 24, 26]


def test_a_weekly_chart_changes_only_on_fridays() -> None:
    changed = [
        today.day
        for yesterday, today in zip(OCTOBER, OCTOBER[1:], strict=False)
        if simulated_playlist(WEEKLY, today) != simulated_playlist(WEEKLY, yesterday)
    ]
    assert changed == [2, 9, 16, 23, 30]


def test_all_entries_have_the_timestamp_of_their_edition() -> None:
    entries = simulated_playlist(WEEKLY, date(2026, 10, 8))["items"]
    added_at = {entry["added_at"] for entry in entries}
    assert len(added_at) == 1
    assert added_at.pop().startswith("2026-10-02T03:")


def test_a_position_may_be_empty_a_local_file_or_an_episode() -> None:
    assert odd_positions(GLOBAL) == [(9, 23, "null"), (11, 17, "local"), (13, 18, "local")]
    assert odd_positions(PHILIPPINES) == [
        (4, 22, "episode"),
        (22, 47, "episode"),
        (30, 5, "null"),
    ]


def test_a_local_file_has_no_ids_and_an_episode_no_artists() -> None:
    local = simulated_playlist(GLOBAL, date(2026, 10, 11))["items"][16]
    assert local["is_local"] is True
    assert local["track"]["id"] is None
    assert local["track"]["album"]["release_date"] is None
    assert local["track"]["artists"][0]["id"] is None
    assert local["track"]["uri"].startswith("spotify:local:")
    episode = simulated_playlist(PHILIPPINES, date(2026, 10, 4))["items"][21]["track"]
    assert "artists" not in episode
    assert "album" not in episode
    assert episode["show"]["name"] == "The Overnight Desk"


def test_old_albums_have_a_year_or_a_month_only() -> None:
    entries = simulated_playlist(GLOBAL, OCTOBER[0])["items"]
    albums = [entry["track"]["album"] for entry in entries]
    dates = {album["release_date_precision"]: album["release_date"] for album in albums}
    assert (dates["year"], dates["month"]) == ("1981", "1994-12")


def test_songs_share_artists_and_credit_guests() -> None:
    credits = [artists for _, artists in ranks(GLOBAL, OCTOBER[0])]
    leads = [artists[0] for artists in credits]
    assert len(set(leads)) < len(leads)
    assert any(len(artists) == 2 for artists in credits)
    assert any("(feat. " in name for name, _ in ranks(GLOBAL, OCTOBER[0]))


@pytest.mark.parametrize("first_letter", ["\u3040", "\uac00", "\u0600"])
def test_some_titles_are_japanese_korean_or_arabic(first_letter: str) -> None:
    last_letter = chr(ord(first_letter) + 0x9F)
    if first_letter == "\uac00":
        last_letter = "\ud7a3"
    titles = "".join(name for name, _ in ranks(GLOBAL, OCTOBER[0]))
    assert any(first_letter <= letter <= last_letter for letter in titles)


def test_a_track_has_every_field_that_an_old_app_receives() -> None:
    track = simulated_playlist(GLOBAL, OCTOBER[0])["items"][0]["track"]
    assert sorted(track) == [
        "album", "artists", "available_markets", "disc_number", "duration_ms", "episode",
        "explicit", "external_ids", "external_urls", "href", "id", "is_local", "name",
        "popularity", "preview_url", "track", "track_number", "type", "uri",
    ]  # fmt: skip
    assert (len(track["id"]), track["uri"]) == (22, f"spotify:track:{track['id']}")


def test_an_unwatched_chart_is_not_found() -> None:
    source = simulated_source([GLOBAL])
    assert source("37i9dQZEVXbNBz9cRCSFkY", OCTOBER[0]) is None
    assert source("37i9dQZEVXbMDoHDwVN2tF", OCTOBER[0]) == simulated_playlist(GLOBAL, OCTOBER[0])
