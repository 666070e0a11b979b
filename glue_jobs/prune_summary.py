"""What a prune says: how much of what it would remove, and what it leaves alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from chartlake.paths import instant_of
from glue_jobs.prune_rules import Removal
from glue_jobs.run_folders import SPARKS_OWN, RunFolder


def summary(removals: Sequence[Removal]) -> list[str]:
    """Write a line for each kind and table, and one for all."""
    groups: dict[tuple[str, str], list[RunFolder]] = defaultdict(list)
    for removal in removals:
        groups[removal.kind, removal.folder.table].append(removal.folder)
    everything = [removal.folder for removal in removals]
    return [
        f"{kind:<21} {table:<16} {len(found):>7,} folders"
        f" {sum(len(folder.names) for folder in found):>7,} files"
        f" {_readable(sum(folder.size for folder in found)):>10}"
        for (kind, table), found in [*sorted(groups.items()), (("all", ""), everything)]
    ]


def _readable(size: float) -> str:
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} TiB"


def left_alone(folders: Iterable[RunFolder]) -> list[str]:
    """Say which runs are never removed because of something in them that no run of ours has."""
    days: dict[str, set[date]] = defaultdict(set)
    for folder in folders:
        run = f"Run {folder.run_id} is left alone"
        if instant_of(folder.run_id) is None:
            days[f"{run}: its name is no instant like 20261120T060000Z"].add(folder.day)
        for name in folder.names:
            if not name.startswith(SPARKS_OWN):
                days[f"{run}: it holds {name}, which Spark did not write"].add(folder.day)
    return [
        f"{sentence} ({min(found)} to {max(found)})." for sentence, found in sorted(days.items())
    ]
