"""A listing of the lake -> the folders that runs wrote, each with what is in it.

`…/<table>/dt=<day>/run=<run>/<file>` is a run's; anything else in a listing is not ours and is
passed over. Nothing here looks into the lake: the listing is given.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

FILE = re.compile(r"(.*/([^/]+)/dt=(\d{4}-\d{2}-\d{2})/run=([^/]+))/([^/]+)")
SPARKS_OWN = ("part-", "_", ".")
"""How every name begins that Spark gives a file: rows, its marks, and what it hides."""

RunOfDay = tuple[date, str]
"""A day and the run_id of one of its runs; sorted, the last of a day is the newest."""


@dataclass(frozen=True)
class RunFolder:
    """What one run wrote of one table for one day: the names of the files, and their bytes."""

    day: date
    run_id: str
    table: str
    uri: str
    names: tuple[str, ...]
    size: int

    @property
    def has_rows(self) -> bool:
        """Whether the folder holds a Parquet file, which is what readers look for."""
        return any(n.startswith("part-") and n.endswith(".parquet") for n in self.names)

    @property
    def is_sparks_own(self) -> bool:
        """Whether Spark wrote all that is in the folder, as far as names tell."""
        return all(name.startswith(SPARKS_OWN) for name in self.names)


def find_folders(listing: Mapping[str, int], tables: Iterable[str]) -> list[RunFolder]:
    """Find the folders of runs in a listing (address -> bytes), of these tables and no others."""
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
    """Put the folders of each run and day together, oldest first."""
    runs: dict[RunOfDay, list[RunFolder]] = defaultdict(list)
    for folder in folders:
        runs[folder.day, folder.run_id].append(folder)
    return dict(sorted(runs.items()))
