"""Replays recorded charts from a folder with one JSON file per day, `2020-10-10.json`.

Each file holds a whole playlist in the Web API's shape, with the fields that its recorder kept. A
day without a file was not recorded: the API answers "not found", never with another day's chart.
"""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any


def recorded_days(folder: Path) -> list[date]:
    """List the recorded days, oldest first.

    Raises ValueError if the folder is missing, has no days, or a day's file cannot be replayed.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder. Name the one that holds the recorded days.")
    names = (path.stem for path in folder.glob("*.json"))
    days = sorted(day for name in names if (day := _day(name)) is not None)
    if not days:
        raise ValueError(f"{folder} has no recorded days. Its files are named 2020-10-10.json.")
    for day in days:
        recorded_playlist(folder, day)
    return days


def recorded_playlist(folder: Path, day: date) -> dict[str, Any] | None:
    """Read a day's whole playlist; None if that day was not recorded.

    Raises ValueError if the day's file is not a playlist with its entries in a list.
    """
    path = folder / f"{day.isoformat()}.json"
    if not path.exists():
        return None
    try:
        playlist = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}. Record the day again.") from error
    if not isinstance(playlist, dict) or not isinstance(playlist.get("items"), list):
        raise ValueError(f"{path} is not a playlist: it needs an object with a list of `items`.")
    return playlist


def _day(name: str) -> date | None:
    """Parse a file's name as a day; None for any other file in the folder."""
    try:
        return date.fromisoformat(name) if re.fullmatch(r"\d{4}-\d\d-\d\d", name) else None
    except ValueError:
        return None
