"""Summarises the newest editions of MARTS in a few lines of plain text, ready for a mail.

    Top PH, 2026-11-07
      Number one: Dawn · Dee, for 2 days
      Best return: Amihan · Ana, at 2
      Longest streak ended: Bagyo (feat. Ben) · Ana, Ben, 4 days, best rank 1
      0 debuts, 1 re-entry, 1 exit on a chart of 3

Lines without news are left out. If songs tie, only the best ranked one is named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chartlake.contract.counts import counted
from chartlake.contract.sql import Ask
from chartlake.report import digest_queries as queries
from chartlake.report.digest_lines import CAME, ChartDay, lines_of
from chartlake.report.digest_scope import Editions, Row, Run, made_by, newest_editions
from chartlake.report.plain_text import WIDTH, fit, plain


@dataclass(frozen=True)
class Digest:
    """A mail. `subject` is ASCII and below 100 characters, which Amazon SNS always accepts."""

    subject: str
    text: str


def build_digest(ask: Ask, run: Run | None = None) -> Digest | None:
    """Describe the editions that are news from a run, or without a run each chart's newest one.

    Returns None if there is no news.
    """
    charts = _rows(ask, queries.FRESHNESS) if run is None or run.is_of_today else []
    if not charts:
        return None
    ledger = _rows(ask, queries.LEDGER, [(c["chart_id"], c["captured_on"]) for c in charts])
    days = _days(ask, made_by(run, charts, ledger) if run else newest_editions(charts))
    if not days:
        return None
    blocks = [lines_of(day) for day in days]
    blocks.append(_besides(days, charts, ledger))
    blocks.append([f"Data as of {max(c['captured_at'] for c in charts):%Y-%m-%d %H:%M} UTC."])
    return Digest(_subject(days), "\n\n".join("\n".join(b) for b in blocks if b) + "\n")


def _days(ask: Ask, editions: Editions) -> list[ChartDay]:
    """Query everything that happened on these editions; days that are not editions are left out."""
    told = _rows(ask, queries.PULSE, editions.items()) if editions else []
    if not told:
        return []
    here = [(row["chart_id"], row["snapshot_date"]) for row in told]
    before = [(row["chart_id"], day) for row in told if (day := row["previous_edition_on"])]
    asked = (
        _rows(ask, queries.NUMBER_ONES, here + before),
        _rows(ask, queries.MOVES, here),
        _rows(ask, queries.EXITS, here),
    )
    return [ChartDay(row, *(_of(row["chart_id"], rows) for rows in asked)) for row in told]


def _rows(ask: Ask, query: str, editions: Iterable[tuple[str, date]] = ()) -> list[Row]:
    return ask(query.format(editions=queries.of(editions)))


def _of(chart: str, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["chart_id"] == chart]


def _besides(days: Sequence[ChartDay], charts: Sequence[Row], ledger: Sequence[Row]) -> list[str]:
    """List what is missing: from the newest run, from the reported charts, and from the others."""
    told = {day.pulse["chart_id"]: day.pulse["snapshot_date"] for day in days}
    lines = [line for row in ledger if (line := _held_back(row))]
    for chart in charts:
        name, day = plain(chart["chart_name"]), told.get(chart["chart_id"])
        if day is None and chart["is_repeat"] and not chart["expects_change"]:
            continue
        if day is None:
            lines.append(f"{name}: nothing new since {chart['edition_date']}.")
        elif day == chart["captured_on"] and chart["left_out"]:
            lines.append(f"{name}: {counted(chart['left_out'], 'place')} without a song.")
    return [fit(line, WIDTH) for line in lines]


def _held_back(run: Row) -> str | None:
    """Report a chart that failed its gate in the newest run."""
    if not run["is_latest"] or run["gate"] not in ("held back", "kept"):
        return None
    name = plain(run["chart_name"] or run["chart_id"])
    why = run["failed_rules"] or "see quarantine"
    stays = "; an earlier capture stays" if run["gate"] == "kept" else ""
    return f"{name}: held back on {run['snapshot_date']} ({why}){stays}."


def _subject(days: Sequence[ChartDay]) -> str:
    """Return the newest date and counts of what is new; titles, in any script, are left out."""
    compared = [day.pulse for day in days if day.pulse["previous_edition_on"]]
    counts = [(sum(day.is_won for day in days), "new number one", "new number ones")]
    counts += [
        (sum(row[kind] for row in compared), one, kind.replace("_", "-")) for kind, one in CAME
    ]
    told = ", ".join(counted(*count) for count in counts if count[0])
    newest = max(day.pulse["snapshot_date"] for day in days)
    nothing = "no song came or went" if compared else "nothing to compare with yet"
    return f"Charts of {newest}: {told or nothing}"
