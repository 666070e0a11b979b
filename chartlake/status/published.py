"""Reads facts about published runs, with four small queries to Athena or its stand-in.

The landing tables are filtered by `dt`, so that no other day is listed. Reading
chartlake.run_ledger instead would list nineteen tables from their first day on.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime

from chartlake.contract.sql import Ask, Row
from chartlake.status.facts import Check, LeftOut, Run

Key = tuple[date, str]

MANIFESTS = """
SELECT dt, run_id, MIN(published_at) AS published_at
FROM chartlake_landing.load_manifest
WHERE dt BETWEEN '{first}' AND '{last}'
GROUP BY dt, run_id
"""
SNAPSHOTS = """
SELECT dt, run_id, chart_id, source_file
FROM chartlake_landing.chart_snapshots
WHERE dt BETWEEN '{first}' AND '{last}'
"""
CHECKS = """
SELECT dt, run_id, chart_id, rule, observed, limit_value, passed
FROM chartlake_landing.quality_results
WHERE dt BETWEEN '{first}' AND '{last}'
ORDER BY rule
"""
LEFT_OUT = """
SELECT dt, run_id, chart_id, source_file, reason
FROM chartlake_landing.quarantine
WHERE dt BETWEEN '{first}' AND '{last}' AND position = 0
ORDER BY source_file
"""


def read_runs(ask: Ask, first: date, last: date) -> tuple[Run, ...]:
    """Read every run of some days, published or not, oldest first; raises what `ask` raises."""
    manifests, snapshots, checks, left_out = (
        ask(question.format(first=first, last=last).strip())
        for question in (MANIFESTS, SNAPSHOTS, CHECKS, LEFT_OUT)
    )
    published = {_key(row): _in_utc(row["published_at"]) for row in manifests}
    charts, asked, out = _by_run(snapshots), _by_run(checks), _by_run(left_out)
    return tuple(
        Run(
            day,
            run_id,
            published.get((day, run_id)),
            {row["chart_id"]: row["source_file"] for row in charts[day, run_id]},
            _checks(asked[day, run_id]),
            tuple(
                LeftOut(row["source_file"], row["chart_id"], row["reason"])
                for row in out[day, run_id]
            ),
        )
        for day, run_id in sorted({*published, *charts, *asked, *out})
    )


def _checks(rows: Iterable[Row]) -> dict[str, tuple[Check, ...]]:
    found: dict[str, list[Check]] = defaultdict(list)
    for row in rows:
        check = Check(row["rule"], row["observed"], row["limit_value"], row["passed"])
        found[row["chart_id"]].append(check)
    return {chart_id: tuple(checks) for chart_id, checks in found.items()}


def _by_run(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(row)
    return found


def _key(row: Row) -> Key:
    return date.fromisoformat(row["dt"]), row["run_id"]


def _in_utc(instant: datetime) -> datetime:
    """Add the time zone to a timestamp: Athena's are naive UTC."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
