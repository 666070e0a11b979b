"""Chart and day -> a playlist that looks like Spotify's: songs debut, climb, fade and come back.

Each song's heat is a formula of the day (a rise, a slow decay, waves), and a chart is the hottest
songs of its market. Days can be requested in any order, and every machine gets the same answer.

The quirks of real charts are included. A daily chart is sometimes yesterday's; a weekly one changes
on Fridays; a position may hold nothing, a local file or an episode; a song may continue under a new
track id.
"""

import math
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from chartlake.contract.chart_config import Chart
from chartlake.spotify_stand_in import track_objects
from chartlake.spotify_stand_in.catalogue import LOCAL_LANGUAGES
from chartlake.spotify_stand_in.server import Source
from chartlake.spotify_stand_in.songs import Song, chance, classics, hex_id, released_on, song

FRIDAY = 4


def simulated_source(charts: Iterable[Chart]) -> Source:
    """Serve these charts by their playlist ids; any other playlist is not found."""
    by_playlist = {chart.playlist_id: chart for chart in charts}

    def source(playlist_id: str, day: date) -> dict[str, Any] | None:
        chart = by_playlist.get(playlist_id)
        return simulated_playlist(chart, day) if chart else None

    return source


def simulated_playlist(chart: Chart, day: date) -> dict[str, Any]:
    """Build the whole playlist that the chart shows on a day, in the old (`track`) shape."""
    edition = _edition_shown_on(chart, day)
    return {
        "id": chart.playlist_id,
        "name": chart.name,
        "description": f"The most played tracks. Market: {chart.market}.",
        "owner": track_objects.owner(),
        "snapshot_id": hex_id("snapshot", chart.chart_id, edition),
        "total": chart.expected_size,
        "items": [
            track_objects.entry(_held_at(chart, edition, position, ranked), _refreshed_at(edition))
            for position, ranked in enumerate(_ranking(chart, edition), start=1)
        ],
    }


def _edition_shown_on(chart: Chart, day: date) -> date:
    """Return the day of the edition still shown: the last Friday's, or a stale yesterday's."""
    if chart.cadence == "weekly":
        return day - timedelta((day.weekday() - FRIDAY) % 7)
    stale = chance("stale", chart.chart_id, day) < 0.1
    return _edition_shown_on(chart, day - timedelta(1)) if stale else day


def _refreshed_at(edition: date) -> str:
    seconds = int(1800 * chance("refresh", edition))
    return f"{edition.isoformat()}T03:{seconds // 60:02}:{seconds % 60:02}Z"


@lru_cache(maxsize=1000)
def _ranking(chart: Chart, edition: date) -> tuple[Song, ...]:
    """Rank the songs of recent months by heat, then insert the classics by their own waves."""
    days = max(150, chart.expected_size)
    recent = (edition - timedelta(age) for age in range(days))
    songs = [song(number) for day in recent for number in released_on(day)]
    songs.sort(key=lambda one: (-_heat(one, chart, edition), one.number))
    del songs[chart.expected_size :]
    for classic in classics():
        tide = _wave(edition, 9, chance(classic.number, chart.chart_id))
        songs.insert(round(chart.expected_size * (0.95 + 0.1 * tide)), classic)
    return tuple(songs[: chart.expected_size])


def _heat(one: Song, chart: Chart, day: date) -> float:
    """Return the log of how much a song is played on a day: a steady loss is a straight line."""
    age = (day - one.released_on).days
    strength, taste = _appeal(one, chart.market)
    rise = 1.5 * math.exp(-age / (0.5 + 4 * chance(one.number, "slow burn")))
    decay = age / (18 + 50 * chance(one.number, "stamina"))
    wave = 0.12 * _wave(day, 9 + 12 * chance(one.number, "period"), chance(one.number, "phase"))
    jitter = 0.06 * chance(one.number, chart.chart_id, day)
    return strength + taste - rise - decay + wave + jitter


@lru_cache(maxsize=20_000)
def _appeal(one: Song, market: str) -> tuple[float, float]:
    """Return a song's strength everywhere, and what this market's taste adds."""
    at_home = one.language in LOCAL_LANGUAGES.get(market, ())
    return 4 * chance(one.number, "strength"), 0.8 * chance(one.number, market) + 0.8 * at_home


def _wave(day: date, period: float, phase: float) -> float:
    return math.sin(2 * math.pi * (day.toordinal() / period + phase))


def _held_at(chart: Chart, edition: date, position: int, ranked: Song) -> dict[str, Any] | None:
    """Return what a position holds: nearly always its song's track."""
    if chart.cadence == "daily" and position == _odd_position(chart, edition):
        draw = chance("odd", chart.chart_id, edition)
        if draw < 0.07:
            return None
        if draw < 0.14:
            return track_objects.local_track(ranked)
        if draw < 0.21 and chart.market != "global":
            return track_objects.episode(edition)
    return track_objects.track(ranked, edition)


def _odd_position(chart: Chart, edition: date) -> int:
    return 1 + int(chart.expected_size * chance("odd position", chart.chart_id, edition))
