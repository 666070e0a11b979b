"""Charts and playlists for the tests that talk to the stand-in."""

from datetime import date
from typing import Any

from chartlake.charts import Chart
from local.spotify.server import Source

GLOBAL = Chart(
    chart_id="top50_global",
    name="Top 50 - Global",
    market="global",
    source="playlist",
    cadence="daily",
    expected_size=50,
    tolerance=5,
    playlist_id="37i9dQZEVXbMDoHDwVN2tF",
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
            {"added_at": None, "is_local": False, "track": {"id": f"t{position}"}}
            for position in range(entries)
        ],
    }


def small_source(sizes: dict[str, int]) -> Source:
    """Serve small playlists of these sizes, by playlist id, on every day."""

    def source(playlist_id: str, _: date) -> dict[str, Any] | None:
        size = sizes.get(playlist_id)
        return None if size is None else small_playlist(playlist_id, size)

    return source
