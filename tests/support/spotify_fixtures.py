"""Charts and playlists for the tests that talk to the stand-in."""

import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from chartlake.contract.chart_config import Chart
from chartlake.spotify_stand_in.server import Source, SpotifyServer
from extract_lambda.settings import Settings
from extract_lambda.timing import Timing

GLOBAL = Chart(
    chart_id="top50_global",
    name="Top 50 - Global",
    market="global",
    source="playlist",
    cadence="daily",
    expected_size=50,
    tolerance=5,
    playlist_id="37i9dQZEVXbMDoHDwVN2tF",
    expects_change=True,
)
PHILIPPINES = Chart(
    chart_id="top50_philippines",
    name="Top 50 - Philippines",
    market="ph",
    source="playlist",
    cadence="daily",
    expected_size=50,
    tolerance=5,
    playlist_id="37i9dQZEVXbNBz9cRCSFkY",
    expects_change=True,
)
WEEKLY = Chart(
    chart_id="top_songs_global",
    name="Top Songs - Global",
    market="global",
    source="playlist",
    cadence="weekly",
    expected_size=50,
    tolerance=5,
    playlist_id="37i9dQZEVXbNG2KDcFcKOF",
    expects_change=True,
)


def small_playlist(playlist_id: str, entries: int) -> dict[str, Any]:
    """A playlist whose tracks are called t0, t1, …, in the old shape."""
    return {
        "id": playlist_id,
        "name": "Small",
        "description": None,
        "snapshot_id": "s1",
        "owner": {"id": "spotify"},
        "total": entries,
        "items": [
            {"added_at": None, "is_local": False, "track": small_track(f"t{position}")}
            for position in range(entries)
        ],
    }


def small_track(track_id: str) -> dict[str, Any]:
    """A track with only the fields that a chart requires."""
    return {"id": track_id, "name": track_id, "artists": [], "album": {}}


def small_source(sizes: dict[str, int]) -> Source:
    """Serve small playlists of these sizes, by playlist id, on every day."""

    def source(playlist_id: str, _: date) -> dict[str, Any] | None:
        size = sizes.get(playlist_id)
        return None if size is None else small_playlist(playlist_id, size)

    return source


def settings_for(server: SpotifyServer, **others: Any) -> Settings:
    """Settings for the Spotify stand-in, with the credentials of an app that it knows."""
    known: dict[str, Any] = {
        "raw_root": "unused",
        "charts_file": Path("unused"),
        "client_id": "the-id",
        "client_secret": "the-secret",
        "api_url": server.api_url,
        "token_url": server.token_url,
    }
    return Settings(**known | others)


class StoppedTime:
    """A run's clock from 06:00:01 on, which advances only during sleeps."""

    def __init__(self, seconds_left: float = 300) -> None:
        self.left = seconds_left
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.left -= seconds

    @property
    def timing(self) -> Timing:
        start = datetime(2026, 11, 20, 6, 0, 1, tzinfo=UTC)
        return Timing(
            lambda: start + timedelta(seconds=sum(self.slept)), self.sleep, lambda: self.left
        )


def forget_logs() -> None:
    """Undo the handler's logging setup: a container keeps its logger, a test must not."""
    logger = logging.getLogger("extract_lambda")
    logger.handlers.clear()
    logger.setLevel(logging.NOTSET)
    for mark_of_powertools in ("init", "powertools_handler"):
        vars(logger).pop(mark_of_powertools, None)
