"""A listing of the lake -> the folders that runs wrote, each with its contents.

`…/<table>/dt=<day>/run=<run>/<file>` belongs to a run; anything else in a listing is ignored. This
module never accesses the lake: the caller passes the listing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chartlake.contract.paths import instant_of

FILE = re.compile(r"(.*/([^/]+)/dt=(\d{4}-\d{2}-\d{2})/run=([^/]+))/([^/]+)")
SPARKS_OWN = ("part-", "_", ".")
"""Prefixes of all file names that Spark creates: rows, marks and hidden files."""

RunOfDay = tuple[date, str]
"""A day and the run_id of one of its runs; when sorted, the last of a day is the newest."""


@dataclass(frozen=True)
class RunFolder:
    """What one run wrote of one table for one day: file names, and their size in bytes."""

    day: date
    run_id: str
    table: str
    uri: str
    names: tuple[str, ...]
    size: int

    @property
    def has_rows(self) -> bool:
        """Whether the folder contains a Parquet file, which is what readers look for."""
        return any(n.startswith("part-") and n.endswith(".parquet") for n in self.names)

    @property
    def is_sparks_own(self) -> bool:
        """Whether Spark wrote everything in the folder, judging by names."""
        return all(name.startswith(SPARKS_OWN) for name in self.names)


def find_folders(listing: Mapping[str, int], tables: Iterable[str]) -> list[RunFolder]:
    """Find the run folders of these tables in a listing (address -> bytes)."""
    files: dict[tuple[str, str, str, str], dict[str, int]] = defaultdict(dict)
    wanted = set(tables)
    for match in filter(None, map(FILE.fullmatch, listing)):
        uri, table, day, run_id, name = match.groups()
        if table in wanted and _is_day(day):
            files[day, run_id, table, uri][name] = listing[match[0]]
    return [
        RunFolder(date.fromisoformat(day), run_id, table, uri, tuple(found), sum(found.values()))
        for (day, run_id, table, uri), found in sorted(files.items())
    ]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def by_run(folders: Iterable[RunFolder]) -> dict[RunOfDay, list[RunFolder]]:
    """Group folders by day and run, oldest first."""
    runs: dict[RunOfDay, list[RunFolder]] = defaultdict(list)
    for folder in folders:
        runs[folder.day, folder.run_id].append(folder)
    return dict(sorted(runs.items()))


@dataclass(frozen=True)
class Removal:
    """A folder to remove, and its kind."""

    kind: str
    folder: RunFolder


@dataclass(frozen=True)
class Rules:
    """What stays: anything newer than `now` minus `grace`, and the newest so many besides."""

    now: datetime
    grace: timedelta
    keep_runs: int
    keep_checkpoints: int

    def is_past(self, run_id: str) -> bool:
        """Return whether a run began before the grace period; unparseable ids never did."""
        instant = instant_of(run_id)
        return instant is not None and instant < self.now - self.grace
