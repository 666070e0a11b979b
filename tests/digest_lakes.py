"""Lakes for the digest: a folder as a demo leaves it, with a warehouse where it is asked for."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from chartlake.tables import LOAD_MANIFEST, TABLES
from local.warehouse import open_warehouse
from tests.lake_files import write_part

CURATED = "chartlake-curated"
CHART = {"chart_id": "top", "chart_name": "Top", "market": "ph", "cadence": "daily"}


def load(lake: Path) -> None:
    """Load a lake into a warehouse beside it."""
    mounts = {f"s3://{CURATED}/": lake / CURATED}
    with open_warehouse(lake / "warehouse", mounts) as warehouse:
        warehouse.deploy()
        warehouse.load()


def snapshot(day: date, **values: Any) -> dict[str, Any]:
    left_out = ("null_entries", "local_entries", "episode_entries", "rejected_entries")
    nothing: dict[str, Any] = dict.fromkeys(left_out, 0)
    at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    return CHART | {"captured_at": at, "entries": 3} | nothing | values


def trend(song: str, rank: int, movement: str, **values: Any) -> dict[str, Any]:
    """A row of song_trends; the song's track has the song's own id."""
    return {
        "chart_id": "top",
        "song_id": song,
        "track_id": song,
        "rank": rank,
        "movement": movement,
    } | values


def summary(debuts: int, re_entries: int, exits: int) -> dict[str, Any]:
    counts = {"debuts": debuts, "re_entries": re_entries, "exits": exits}
    return {"chart_id": "top", "entries": 3, "artist_concentration": 1.0} | counts


def named(titles: dict[str, str]) -> list[dict[str, Any]]:
    return [{"track_id": song, "song_id": song, "name": title} for song, title in titles.items()]


def write_day(
    lake: Path,
    day: date,
    tables: dict[str, Sequence[dict[str, Any]]],
    published_at: datetime,
) -> None:
    """Write a run of one day that was published at an instant."""
    root, run_id = lake / CURATED, f"{published_at:%Y%m%dT%H%M%SZ}"
    for name, rows in tables.items():
        write_part(root, name, day, run_id, rows)
    promised = [
        {
            "table_name": table.name,
            "row_count": len(tables.get(table.name, [])),
            "published_at": published_at,
        }
        for table in TABLES
        if table is not LOAD_MANIFEST
    ]
    write_part(root, LOAD_MANIFEST.name, day, run_id, promised)


def write_two_days(lake: Path, day: date, published_at: datetime) -> None:
    """Write a chart whose number one is new on the day, and the day before it."""
    before = day - timedelta(days=1)
    first = {
        "chart_snapshots": [snapshot(before)],
        "song_trends": [trend("a", 1, "debut"), trend("b", 2, "debut")],
        "tracks": named({"a": "Amihan", "b": "Bagyo"}),
        "chart_summary": [summary(2, 0, 0)],
    }
    second = {
        "chart_snapshots": [snapshot(day)],
        "song_trends": [
            trend("b", 1, "up", previous_rank=2, rank_change=1),
            trend("a", 2, "down", previous_rank=1, rank_change=-1),
        ],
        "tracks": named({"a": "Amihan", "b": "Bagyo"}),
        "chart_summary": [summary(0, 0, 0)],
    }
    write_day(lake, before, first, published_at - timedelta(days=1))
    write_day(lake, day, second, published_at)
