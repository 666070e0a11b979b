"""Derives the state of each stage from the facts of one chart on one day.

Only the first stage that failed has a reason: the later ones never happened. If an earlier run or
capture of the same day got through, the later stages describe that one.
"""

from collections.abc import Callable

from chartlake.contract.paths import instant_of
from chartlake.status.chart_day import EARLIER, NOTHING, OK, UNKNOWN, ChartDay, Remedy, Sign, Stage


def captured(case: ChartDay) -> Stage:
    """Determine whether the day has a capture, and if not, whether it should."""
    if case.last or case.is_told:
        return OK
    if case.attempts is None:
        return UNKNOWN
    failed = [attempt for attempt in case.attempts if attempt.status == "failed"]
    if failed:
        remedy = Remedy.IMPORT if case.is_import else Remedy.CAPTURE
        return Stage(
            Sign.RED, "failed", failed[-1].error or "Its manifest does not say why.", remedy
        )
    if case.due is None:
        return NOTHING
    if case.is_blind:
        return Stage(Sign.RED, "unclear")
    if case.now < case.due:
        return Stage(Sign.WAITING, "due")
    if case.is_import:
        return Stage(Sign.RED, "missing", "No file of this day was imported.", Remedy.IMPORT)
    if case.has_others:
        reason = "The manifests of this day name other charts, but not this one."
        return Stage(Sign.RED, "missing", reason, Remedy.SCHEDULE)
    return Stage(Sign.RED, "missing", "This day has no manifest.", Remedy.SCHEDULE)


def transformed(case: ChartDay) -> Stage:
    """Determine whether a run has read the last capture."""
    if case.runs is None:
        return UNKNOWN
    last = case.last
    if last is None:
        return OK if case.is_told else NOTHING
    if any(run.has_read(last) for run in case.runs):
        return OK
    if case.is_recent(last.at):
        return Stage(Sign.WAITING, "waiting")
    reason = f"Its manifest is from {last.at:%Y-%m-%d %H:%M} UTC, but no run has read its file."
    return Stage(Sign.RED, "not built", reason, Remedy.BUILD)


def gated(case: ChartDay) -> Stage:
    """Determine whether the chart passed the gate of its run, as RUN_LEDGER does."""
    if case.runs is None:
        return UNKNOWN
    run = case.run
    if run is None or captured(case) != OK:
        return NOTHING
    failed = [check for check in run.checks.get(case.chart_id, ()) if not check.passed]
    files = [out.reason for out in run.left_out if _is_of(case, out.chart_id, out.source_file)]
    is_held = case.chart_id in run.charts
    if failed or (files and not is_held):
        numbers = [f"{c.rule}: found {c.observed:g}, limit {c.limit_value:g}" for c in failed]
        reason = files[-1] if files else f"{'; '.join(numbers)}."
        if not case.expects_change and {check.rule for check in failed} == {"days_since_refresh"}:
            reason = f"{reason} charts.toml no longer expects it to change."
            return Stage(Sign.RED, "kept" if is_held else "held", reason, Remedy.BUILD)
        return Stage(Sign.RED, "kept" if is_held else "held", reason, Remedy.GATE)
    rejected = [out for out in run.left_out if out.source_file == run.charts.get(case.chart_id)]
    if rejected:
        reason = f"It is kept as published, from a file that is now rejected. {rejected[-1].reason}"
        return Stage(Sign.RED, "kept", reason, Remedy.REPLACE if case.is_import else Remedy.GATE)
    return Stage(Sign.OK, "passed") if is_held else NOTHING


def _is_of(case: ChartDay, chart_id: str | None, source_file: str) -> bool:
    keys = {attempt.key for attempt in case.attempts or ()}
    return chart_id == case.chart_id or source_file in keys


def publishing(case: ChartDay) -> Stage:
    """Determine whether the run has its manifest."""
    if case.runs is None:
        return UNKNOWN
    run = case.run
    if run is None or captured(case) != OK:
        return NOTHING
    if run.published_at:
        return OK
    if case.is_recent(instant_of(run.run_id)):
        return Stage(Sign.WAITING, "running")
    reason = f"Run {run.run_id} wrote tables but no manifest: it was interrupted."
    return Stage(Sign.RED, "broken", reason, Remedy.BUILD)


def loaded(case: ChartDay) -> Stage:
    """Determine whether every row of the run has arrived in the warehouse."""
    if case.warehouse is None:
        return UNKNOWN
    arrived = {run_id for day, run_id in case.warehouse.short if day == case.day}
    run = case.run
    if case.runs is None:
        run_id = max(arrived, default=None) if captured(case) == OK else None
    else:
        is_there = run and run.published_at and run.tells_of(case.chart_id)
        run_id = run.run_id if run and is_there else None
    if run_id is None:
        return NOTHING
    if case.seen > run_id:
        return OK
    if run_id not in arrived:
        return _on_its_way(case, "missing", f"The manifest of run {run_id} has not arrived.")
    short = case.warehouse.short[case.day, run_id]
    if not short:
        return OK
    tables = ", ".join(f"{t.table} {t.loaded:,} of {t.expected:,}" for t in short)
    return _on_its_way(case, "part", f"Rows of run {run_id} are incomplete: {tables}.")


def _on_its_way(case: ChartDay, word: str, reason: str) -> Stage:
    if case.run and case.is_recent(case.run.published_at):
        return Stage(Sign.WAITING, "loading")
    return Stage(Sign.RED, word, reason, Remedy.LOAD)


def visible(case: ChartDay) -> Stage:
    """Determine whether readers see the chart of the day, and whether from its last capture."""
    if case.warehouse is None:
        return UNKNOWN
    before = (transformed(case), gated(case), publishing(case), loaded(case))
    signs = {stage.sign for stage in before}
    if case.seen:
        return OK if signs.isdisjoint((Sign.RED, Sign.WAITING)) else EARLIER
    if Sign.WAITING in signs:
        return Stage(Sign.WAITING, "waiting")
    if Sign.RED in signs or loaded(case) != OK:
        return NOTHING
    if case.runs is None:
        return UNKNOWN
    return Stage(
        Sign.RED, "unseen", "All of its run is loaded, but no reader sees it.", Remedy.BUILD
    )


STATES: dict[str, Callable[[ChartDay], Stage]] = {
    "captured": captured,
    "transformed": transformed,
    "gated": gated,
    "published": publishing,
    "loaded": loaded,
    "visible": visible,
}
"""Stage -> the function for its state, in the order in which a chart passes them."""
