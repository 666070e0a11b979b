"""Which checkpoints of state/ can be removed, and which marks are obsolete.

The newest complete checkpoints that are not stale stay; a running job may read others until the
grace period is over. The mark of a rebuild stays as long as an earlier checkpoint exists, and the
mark of a pending publication until the run has published.
"""

from collections.abc import Collection, Iterable

from chartlake.contract.tables import CHART_SNAPSHOTS
from glue_jobs.lake.checkpoints import REBUILT, DayRun, is_stale
from glue_jobs.lake.commit import PUBLISHED, PUBLISHING
from glue_jobs.prune.run_folders import Removal, Rules, RunFolder, by_run

OLD = "old checkpoint"
STALE = "stale checkpoint"
UNFINISHED = "unfinished checkpoint"
MARK = "rebuild mark"
COMMIT = "publication mark"
MARKS = (REBUILT, PUBLISHING, PUBLISHED)


def checkpoints_to_remove(folders: Iterable[RunFolder], rules: Rules) -> list[Removal]:
    """Select the folders of state/ to remove, in removal order.

    The folder that completes a checkpoint goes first, so a partial one is never used. Marks go
    last, so a stale one is not used either.
    """
    folders = list(folders)
    marks = {DayRun(f.day, f.run_id): f for f in folders if f.table == REBUILT}
    found = {
        DayRun(*run): parts
        for run, parts in by_run(f for f in folders if f.table not in MARKS).items()
    }
    whole = {point for point, parts in found.items() if _is_whole(parts)}
    kinds = _kinds(found.keys(), whole, marks.keys(), rules)
    kinds = {p: kind for p, kind in kinds.items() if all(f.is_sparks_own for f in found[p])}
    return (
        [
            Removal(kind, folder)
            for point, kind in kinds.items()
            for folder in sorted(found[point], key=_snapshots_first)
        ]
        + [
            Removal(MARK, folder)
            for mark, folder in sorted(marks.items())
            if rules.is_past(mark.run_id)
            and folder.is_sparks_own
            and not any(p.run_id < mark.run_id for p in found.keys() - kinds.keys())
        ]
        + _done(folders, rules)
    )


def _done(folders: Iterable[RunFolder], rules: Rules) -> list[Removal]:
    """Select the marks of runs that have published, `publishing` marks first."""
    marks = [folder for folder in folders if folder.table in (PUBLISHING, PUBLISHED)]
    done = {folder.run_id for folder in marks if folder.table == PUBLISHED}
    return [
        Removal(COMMIT, folder)
        for folder in sorted(marks, key=lambda f: (f.table != PUBLISHING, f.run_id))
        if folder.run_id in done and rules.is_past(folder.run_id) and folder.is_sparks_own
    ]


def _kinds(
    found: Iterable[DayRun],
    whole: Collection[DayRun],
    marks: Collection[DayRun],
    rules: Rules,
) -> dict[DayRun, str]:
    """Classify the checkpoints that can be removed, oldest first."""
    past = [point for point in sorted(found) if rules.is_past(point.run_id)]
    past_marks = [mark for mark in marks if rules.is_past(mark.run_id)]
    # Count only those that a run could have started from throughout the grace period.
    usable = [point for point in past if point in whole and not is_stale(point, marks)]
    kinds = dict.fromkeys(usable[: max(0, len(usable) - rules.keep_checkpoints)], OLD)
    kinds |= {point: STALE for point in past if is_stale(point, past_marks)}
    kinds |= {point: UNFINISHED for point in past if point not in whole}
    return dict(sorted(kinds.items()))


def _is_whole(folders: Iterable[RunFolder]) -> bool:
    return any(folder.table == CHART_SNAPSHOTS.name and folder.has_rows for folder in folders)


def _snapshots_first(folder: RunFolder) -> tuple[bool, str]:
    return folder.table != CHART_SNAPSHOTS.name, folder.table
