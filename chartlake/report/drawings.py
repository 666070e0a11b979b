"""Builds what the page's script draws for a section: specifications with their rows."""

from datetime import date
from typing import Any

from chartlake.report import charts
from chartlake.report.formatting import Row, day, percent
from chartlake.report.sections import Section


def drawings(section: Section) -> dict[str, Any]:
    """Return what to draw for a chart, by name; nothing for a first edition."""
    if section.is_first:
        return {}
    drawn = {}
    if section.deepest:
        stood = [row for row in section.lines if row["rank"] is not None]
        points = [_point(row, section.fresh["edition_date"]) for row in stood]
        drawn["bump"] = charts.bump(points, section.deepest)
    if section.has_turnover:
        drawn["turnover"] = charts.turnover([_stalk(row) for row in section.pulse])
    return drawn


def _point(row: Row, edition_date: date | None) -> Row:
    return {
        "song": row["song_id"],
        "title": row["title"] or "(no title)",
        "date": row["snapshot_date"].isoformat(),
        "when": day(row["snapshot_date"]),
        "rank": row["rank"],
        "place": row["place"],
        "stay": row["stay"],
        "is_now": row["snapshot_date"] == edition_date,
    }


def _stalk(row: Row) -> Row:
    return {
        "date": row["snapshot_date"].isoformat(),
        "when": day(row["snapshot_date"]),
        "turnover": row["turnover"],
        "share": percent(row["turnover"]),
        "debuts": row["debuts"],
        "back": row["re_entries"],
        "gone": row["exits"],
    }
