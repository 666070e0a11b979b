"""Selects what each section shows from the rows of MARTS. No numbers are computed here."""

from dataclasses import dataclass
from datetime import date

from chartlake.report.formatting import Row
from chartlake.report.queries import EDITIONS
from chartlake.report.warnings_text import notes

BEST = 5
"""Places listed among climbs and falls; ties share a place."""

ARTISTS = 10


@dataclass(frozen=True)
class Section:
    """The content of one chart's part of the page."""

    fresh: Row
    notes: list[str]
    today: list[Row]
    exits: list[Row]
    artists: list[Row]
    pulse: list[Row]
    lines: list[Row]

    @property
    def unit(self) -> str:
        """The period of an edition of this chart."""
        return "week" if self.fresh["cadence"] == "weekly" else "day"

    @property
    def newest(self) -> Row | None:
        """The figures of the newest edition."""
        return next((row for row in self.pulse if row["is_latest"]), None)

    @property
    def is_first(self) -> bool:
        """Whether there is no edition before this one."""
        return self.newest is not None and self.newest["previous_edition_on"] is None

    @property
    def has_turnover(self) -> bool:
        """Whether any edition was compared with the previous one."""
        return any(row["turnover"] is not None for row in self.pulse)

    @property
    def has_streams(self) -> bool:
        """Whether the chart's source counts streams."""
        return any(row["streams"] is not None for row in self.today)

    @property
    def climbers(self) -> list[Row]:
        """The biggest climbs, biggest first."""
        return _by_place(self.today, "climb_place")

    @property
    def fallers(self) -> list[Row]:
        """The biggest falls, biggest first."""
        return _by_place(self.today, "fall_place")

    @property
    def arrivals(self) -> list[Row]:
        """Debuts and re-entries, by rank."""
        return [row for row in self.today if row["movement"] in ("debut", "re_entry")]

    @property
    def largest_share(self) -> float:
        """The largest share of an artist, whose bar has the full width."""
        return max((row["points_share"] or 0.0 for row in self.artists), default=0.0)

    @property
    def editions(self) -> list[date]:
        """The days of the editions that the lines cover."""
        return [row["snapshot_date"] for row in self.pulse if row["editions_ago"] < EDITIONS]

    @property
    def songs(self) -> list[tuple[Row, dict[date, int]]]:
        """Each song that has a line, with its rank on each day that it charted."""
        ranks: dict[str, dict[date, int]] = {}
        first: dict[str, Row] = {}
        for row in self.lines:
            first.setdefault(row["song_id"], row)
            ranks.setdefault(row["song_id"], {})[row["snapshot_date"]] = row["rank"]
        return [(row, ranks[song_id]) for song_id, row in first.items()]

    @property
    def deepest(self) -> int:
        """The largest rank of any line; 0 if there is no line."""
        return max((row["rank"] for row in self.lines if row["rank"] is not None), default=0)


def sections(rows: dict[str, list[Row]], newest: date) -> list[Section]:
    """Create a section per chart of CHART_FRESHNESS, in its order.

    `newest` is the lake's newest day, by Spotify's own date.
    """

    def of(name: str, chart_id: object) -> list[Row]:
        return [row for row in rows[name] if row["chart_id"] == chart_id]

    return [
        Section(
            fresh=fresh,
            notes=notes(fresh, of("ledger", fresh["chart_id"]), newest),
            artists=of("artists", fresh["chart_id"])[:ARTISTS],
            **{name: of(name, fresh["chart_id"]) for name in ("today", "exits", "pulse", "lines")},
        )
        for fresh in rows["freshness"]
    ]


def _by_place(rows: list[Row], column: str) -> list[Row]:
    placed = [row for row in rows if row[column] is not None and row[column] <= BEST]
    return sorted(placed, key=lambda row: (row[column], row["rank"]))
