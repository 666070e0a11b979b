"""Messages of a prune: what it removes and how much, and what it leaves alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from chartlake.contract.counts import counted
from chartlake.contract.paths import instant_of
from glue_jobs.prune.run_folders import SPARKS_OWN, Removal, RunFolder


def summary(removals: Sequence[Removal]) -> list[str]:
    """Write a line for each kind and table, and a total."""
    groups: dict[tuple[str, str], list[RunFolder]] = defaultdict(list)
    for removal in removals:
        groups[removal.kind, removal.folder.table].append(removal.folder)
    everything = [removal.folder for removal in removals]
    return [
        f"{kind:<21} {table:<16} {counted(len(found), 'folder'):>15}"
        f" {counted(sum(len(folder.names) for folder in found), 'file'):>13}"
        f" {_readable(sum(folder.size for folder in found)):>10}"
        for (kind, table), found in [*sorted(groups.items()), (("all", ""), everything)]
    ]


def _readable(size: float) -> str:
    if size < 1024:
        return counted(size, "byte")
    for unit in ("KiB", "MiB", "GiB"):
        size /= 1024
        if size < 1024:
            return f"{size:,.1f} {unit}"
    size /= 1024
    return f"{size:,.1f} TiB"


def left_alone(folders: Iterable[RunFolder]) -> list[str]:
    """List runs that are never removed because something in them is not from our runs."""
    days: dict[str, set[date]] = defaultdict(set)
    for folder in folders:
        run = f"Run {folder.run_id} is skipped"
        if instant_of(folder.run_id) is None:
            days[f"{run}: its name is not a timestamp like 20261120T060000Z"].add(folder.day)
        for name in folder.names:
            if not name.startswith(SPARKS_OWN):
                days[f"{run}: it contains {name}, which Spark did not write"].add(folder.day)
    return [
        f"{sentence} ({min(found)} to {max(found)})." for sentence, found in sorted(days.items())
    ]


def writes_killed(folders: int) -> str:
    """Report how many folders were being written when a run was killed."""
    return f"{counted(folders, 'folder')} of interrupted writes"


def progress(done: int, folders: int) -> str:
    """Report the progress of a prune."""
    return f"Removed {done:,} of {counted(folders, 'folder')}."


def removed(folders: int) -> str:
    """Report how much a prune has removed."""
    return f"Removed {counted(folders, 'folder')}."
