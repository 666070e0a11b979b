"""Which runs of curated/ can be removed: superseded ones, and those that never published.

The newest published run of a day is the current one and is never removed. A query that began
earlier may still read a superseded run, and a run without a manifest may still be running. Both
stay for the grace period, counted from the ids of the newer run and of the run itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from chartlake.contract.tables import LOAD_MANIFEST
from glue_jobs.prune.run_folders import Removal, Rules, RunFolder, RunOfDay, by_run

SUPERSEDED = "superseded run"
UNPUBLISHED = "unpublished run"


def runs_to_remove(folders: Iterable[RunFolder], rules: Rules) -> list[Removal]:
    """Select the folders of curated/ to remove, in removal order.

    Oldest runs go first, and the manifest of a run last. If interrupted, the remaining runs keep
    their status, and the next prune finds them.
    """
    runs = by_run(folders)
    published = [run for run, found in runs.items() if _is_published(found)]
    chosen = dict.fromkeys(_superseded(published, rules), SUPERSEDED)
    for day, run_id in runs.keys() - published:
        if rules.is_past(run_id):
            chosen[day, run_id] = UNPUBLISHED
    return [
        Removal(chosen[run], folder)
        for run, found in runs.items()
        if run in chosen and all(folder.is_sparks_own for folder in found)
        for folder in sorted(found, key=_manifest_last)
    ]


def _is_published(folders: Iterable[RunFolder]) -> bool:
    return any(folder.table == LOAD_MANIFEST.name and folder.has_rows for folder in folders)


def _superseded(published: Sequence[RunOfDay], rules: Rules) -> Iterator[RunOfDay]:
    """Yield the published runs to remove; each has a newer run of its day that stays."""
    for day, runs in groupby(published, key=lambda run: run[0]):
        replaced = list(pairwise(run_id for _, run_id in runs))
        for run_id, newer in replaced[: max(0, len(replaced) - rules.keep_runs)]:
            if rules.is_past(run_id) and rules.is_past(newer):
                yield day, run_id


def _manifest_last(folder: RunFolder) -> tuple[bool, str]:
    return folder.table == LOAD_MANIFEST.name, folder.table
