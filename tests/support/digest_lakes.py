"""Lakes for the digest: a folder as a demo leaves it, with a warehouse on request."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from chartlake.contract.tables import LOAD_MANIFEST, TABLES
from chartlake.warehouse import open_warehouse
from tests.support.lake_files import write_part

CURATED = "chartlake-curated"
Tables = Mapping[str, Sequence[dict[str, Any]]]


def load(lake: Path) -> None:
    """Load a lake into a warehouse beside it."""
    mounts = {f"s3://{CURATED}/": lake / CURATED}
    with open_warehouse(lake / "warehouse", mounts) as warehouse:
        warehouse.deploy()
        warehouse.load()


def edition(
    chart: str,
    *trends: dict[str, Any],
    titles: Mapping[str, str] | None = None,
    counts: tuple[int, int, int] = (0, 0, 0),
    gone: Sequence[dict[str, Any]] = (),
    **snapshot: Any,
) -> dict[str, list[dict[str, Any]]]:
    """One day of a chart of three places; `counts` are its debuts, re-entries and exits.

    Each song has one track, of its own on each chart; without a title here its name is its title.
    """
    left_out = ("null_entries", "local_entries", "episode_entries", "rejected_entries")
    nothing: dict[str, Any] = dict.fromkeys(left_out, 0)
    named = {"chart_id": chart, "chart_name": chart, "market": "ph", "cadence": "daily"}
    songs = [row["song_id"] for row in (*trends, *gone)]
    summary = dict(zip(("debuts", "re_entries", "exits"), counts, strict=True))
    return {
        "chart_snapshots": [named | {"entries": 3} | nothing | snapshot],
        "song_trends": [row | _track(chart, row["song_id"]) for row in trends],
        "chart_exits": [row | _track(chart, row["song_id"]) for row in gone],
        "tracks": [
            {"track_id": f"{chart}:{song}", "name": (titles or {}).get(song, song.title())}
            for song in songs
        ],
        "chart_summary": [
            {"chart_id": chart, "entries": 3, "artist_concentration": 1.0, **summary}
        ],
    }


def _track(chart: str, song: str) -> dict[str, Any]:
    return {"chart_id": chart, "track_id": f"{chart}:{song}"}


def debut(song: str, rank: int) -> dict[str, Any]:
    return {"song_id": song, "rank": rank, "movement": "debut"}


def moved(song: str, before: int, rank: int) -> dict[str, Any]:
    movement = "up" if rank < before else "down" if rank > before else "same"
    change = before - rank
    ranks = {"rank": rank, "previous_rank": before, "rank_change": change}
    return {"song_id": song, "movement": movement, **ranks}


def write_day(lake: Path, day: date, editions: Sequence[Tables], published_at: datetime) -> None:
    """Write a run of one day that was published at an instant."""
    root, run_id = lake / CURATED, f"{published_at:%Y%m%dT%H%M%SZ}"
    tables: dict[str, list[dict[str, Any]]] = {}
    for whole in editions:
        for name, rows in whole.items():
            tables.setdefault(name, []).extend(rows)
    at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    for row in tables.get("chart_snapshots", []):
        row |= {"captured_at": at}
    for name, rows in tables.items():
        if rows:
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
    before = edition("top", debut("amihan", 1), debut("bagyo", 2), counts=(2, 0, 0))
    on_it = edition("top", moved("bagyo", 2, 1), moved("amihan", 1, 2))
    write_day(lake, day - timedelta(days=1), [before], published_at - timedelta(days=1))
    write_day(lake, day, [on_it], published_at)
