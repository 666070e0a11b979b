"""Describes one edition of a chart in lines of text, each no wider than a line of a mail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wcwidth import wcswidth

from chartlake.contract.counts import counted
from chartlake.report.digest_scope import Row
from chartlake.report.plain_text import WIDTH, fit, plain

REMARKABLE_RANK = 10
"""A song that returns at this rank or better gets a line."""
INDENT = "  "
CAME = (("debuts", "debut"), ("re_entries", "re-entry"), ("exits", "exit"))
"""What MARTS.CHART_PULSE counts for an edition, with the singular noun of each."""


@dataclass(frozen=True)
class ChartDay:
    """One edition: its row of MARTS.CHART_PULSE, and the other rows that the digest queries.

    `number_ones` has those of this edition and the previous one, if a song is at their rank 1.
    """

    pulse: Row
    number_ones: Sequence[Row]
    moves: Sequence[Row]
    exits: Sequence[Row]

    @property
    def number_one(self) -> Row | None:
        """The song at rank 1."""
        return self._first_on("snapshot_date")

    @property
    def number_one_before(self) -> Row | None:
        """The song at rank 1 of the previous edition."""
        return self._first_on("previous_edition_on")

    @property
    def is_won(self) -> bool:
        """Whether there is a new number one; False for a first edition."""
        now, before = self.number_one, self.number_one_before
        has_changed = now and (not before or now["song_id"] != before["song_id"])
        return bool(has_changed and self.pulse["previous_edition_on"])

    def _first_on(self, day: str) -> Row | None:
        rows = (row for row in self.number_ones if row["snapshot_date"] == self.pulse[day])
        return next(rows, None)


def lines_of(day: ChartDay) -> list[str]:
    """Describe an edition: a line with its name, and an indented line for each event."""
    pulse = day.pulse
    heading = f"{fit(plain(pulse['chart_name']), WIDTH - 12)}, {pulse['snapshot_date']}"
    if not pulse["previous_edition_on"]:
        first = f"{INDENT}The first edition that there is: {counted(pulse['entries'], 'song')}"
        return [heading, *_number_one(day), first]
    return [heading, *_number_one(day), *_moves(day), *_exit(day), _counts(pulse)]


def _number_one(day: ChartDay) -> Iterator[str]:
    now, before = day.number_one, day.number_one_before
    if not now:
        return
    if not day.is_won:
        yield _line("Number one: ", now, f", for {_editions(day, now['editions'])}")
        return
    yield _line("New number one: ", now, "")
    if before:
        yield _line(f"{INDENT}after {_editions(day, before['editions'])} of ", before, "")


def _moves(day: ChartDay) -> Iterator[str]:
    """Describe the best of each movement; rows come by rank, with only the top climbs and falls."""
    by = {kind: [m for m in day.moves if m["movement"] == kind] for kind in KINDS}
    for kind, label in KINDS.items():
        if not (rows := by[kind]):
            continue
        best = rows[0]
        if kind in ("up", "down"):
            after = f", {kind} {abs(best['rank_change'])} to {best['rank']}{_tied(rows)}"
        elif kind == "re_entry" and best["rank"] > REMARKABLE_RANK:
            continue
        else:
            after = f", at {best['rank']}"
        yield _line(label, best, after)


KINDS = {
    "debut": "Highest debut: ",
    "up": "Biggest climb: ",
    "down": "Biggest fall: ",
    "re_entry": "Best return: ",
}


def _exit(day: ChartDay) -> Iterator[str]:
    if not day.exits or day.exits[0]["streak_days"] < 2:
        return
    longest = day.exits[0]
    tied = [row for row in day.exits if row["streak_days"] == longest["streak_days"]]
    how_long = _editions(day, longest["streak_days"])
    after = f", {how_long}, best rank {longest['peak_rank']}{_tied(tied)}"
    yield _line("Longest streak ended: ", longest, after)


def _counts(pulse: Row) -> str:
    told = [counted(pulse[kind], one, kind.replace("_", "-")) for kind, one in CAME]
    return f"{INDENT}{', '.join(told)} on a chart of {pulse['entries']}"


def _line(before: str, song: Row, after: str) -> str:
    names = [plain(song["title"]), *([plain(song["artists"])] if song["artists"] else [])]
    room = WIDTH - wcswidth(INDENT + before + after)
    return f"{INDENT}{before}{fit(' · '.join(names), room)}{after}"


def _editions(day: ChartDay, count: int) -> str:
    return counted(count, "week" if day.pulse["cadence"] == "weekly" else "day")


def _tied(rows: Sequence[Row]) -> str:
    return f" (one of {len(rows)})" if len(rows) > 1 else ""
