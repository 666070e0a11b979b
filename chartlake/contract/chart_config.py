"""Reads charts.toml: which charts to watch, and where each comes from.

All mistakes in the file are reported at once, each with its chart, field and allowed values.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from chartlake.contract.errors import UserError
from chartlake.contract.printable import printable, printable_lines

CADENCES = ("daily", "weekly")
SOURCES = ("playlist", "charts_csv")
LOGINS = ("app", "user")
MOST_ENTRIES = 10_000
"""Spotify's limit for a playlist."""
MOST_DAYS_BEHIND = 7
SPOTIFYS_OWN = "37i9dQZ"
"""The prefix of the ids of Spotify's own playlists."""


class ChartsFileError(UserError):
    """The charts file cannot be used; the message lists every mistake in it."""

    def __init__(self, message: str) -> None:
        super().__init__(printable_lines(message))


@dataclass(frozen=True)
class Chart:
    """A chart to watch. `expected_size` and `tolerance` are numbers of entries.

    `login` says who reads a playlist: the app alone, or a user who consented. `expects_change` says
    whether a chart that stays the same for days is out of date. `days_behind` is how many days
    after Spotify's own date a playlist shows a chart; None counts as 0.
    """

    chart_id: str
    name: str
    market: str
    source: str
    cadence: str
    expected_size: int
    tolerance: int
    playlist_id: str | None = None
    login: str = "app"
    expects_change: bool = False
    days_behind: int | None = None


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_ENTRIES


def _is_title(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and printable(value) == value


RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "name": (_is_title, "printable text"),
    "market": (
        _matches(r"global|[a-z]{2}"),
        "global, or a two-letter country code such as ph",
    ),
    "source": (lambda value: value in SOURCES, " or ".join(SOURCES)),
    "cadence": (lambda value: value in CADENCES, " or ".join(CADENCES)),
    "expected_size": (
        lambda value: _is_count(value) and value > 0,
        f"a whole number from 1 to {MOST_ENTRIES}",
    ),
    "tolerance": (_is_count, f"a whole number from 0 to {MOST_ENTRIES}"),
    "playlist_id": (
        _matches(r"[0-9A-Za-z]{22}"),
        "the 22 letters and digits after open.spotify.com/playlist/",
    ),
    "login": (lambda value: value in LOGINS, " or ".join(LOGINS)),
    "expects_change": (lambda value: isinstance(value, bool), "true or false"),
    "days_behind": (
        lambda value: _is_count(value) and value <= MOST_DAYS_BEHIND,
        f"a whole number from 0 to {MOST_DAYS_BEHIND}",
    ),
}
"""Field of a chart -> its test, and a description of the allowed values."""

PLAYLIST_SETTINGS = ("login", "expects_change", "days_behind")
"""Optional fields that only a playlist may have."""
OPTIONAL = ("playlist_id", *PLAYLIST_SETTINGS)


def read_charts(path: Path) -> tuple[Chart, ...]:
    """Read the charts file, in its order.

    Raises ChartsFileError with every mistake in the file, or with the reason it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ChartsFileError(f"{path} cannot be read: {error}") from error
    return parse_charts(text, str(path))


def parse_charts(text: str, path: str) -> tuple[Chart, ...]:
    """Parse the text of a charts file, in its order; raises ChartsFileError with every mistake."""
    try:
        entries = tomllib.loads(text).get("charts")
    except (RecursionError, ValueError) as error:
        # tomllib also raises other errors, as for a number of 5,000 digits, or 1,000 brackets.
        raise ChartsFileError(f"{path} cannot be read: {error}") from error
    if not isinstance(entries, dict) or not entries:
        raise ChartsFileError(f"{path} has no charts. Add one: a [charts.<chart_id>] table.")
    mistakes = [line for chart_id, entry in entries.items() for line in _mistakes(chart_id, entry)]
    if mistakes:
        raise ChartsFileError("\n".join([f"{path} cannot be used:", *mistakes]))
    return tuple(
        Chart(chart_id=chart_id, **{"expects_change": _changes_by_default(entry), **entry})
        for chart_id, entry in entries.items()
    )


def _changes_by_default(entry: dict[str, Any]) -> bool:
    """Expect Spotify's own charts to change; others change only when their owner edits them."""
    is_spotifys: bool = entry.get("playlist_id", "").startswith(SPOTIFYS_OWN)
    by_app = entry["source"] == "playlist" and entry.get("login", "app") == "app"
    return is_spotifys and bool(by_app)


def _mistakes(chart_id: str, entry: Any) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9_]{1,64}", chart_id):
        yield f"  chart {chart_id!r}: the id may contain only a-z, 0-9 and _"
    if not isinstance(entry, dict):
        yield f"  chart {chart_id!r}: is not a table; write [charts.{chart_id}] above its fields"
        return
    needed = {"playlist_id"} if entry.get("source") == "playlist" else set()
    for field in fields(Chart)[1:]:
        allowed = RULES[field.name][1]
        if field.name not in entry:
            if field.name in needed or field.name not in OPTIONAL:
                yield f"  chart {chart_id!r}: {field.name} is missing; allowed: {allowed}"
        elif not RULES[field.name][0](entry[field.name]):
            value = _shown(entry[field.name])
            yield f"  chart {chart_id!r}: {field.name} = {value}; allowed: {allowed}"
    for name in PLAYLIST_SETTINGS:
        if name in entry and entry.get("source") == "charts_csv":
            yield f"  chart {chart_id!r}: {name} is for source = 'playlist' only; remove the line"
    for unknown in sorted(entry.keys() - RULES.keys()):
        yield f"  chart {chart_id!r}: unknown field {unknown}; fields: {', '.join(RULES)}"


def _shown(value: Any) -> str:
    """Return the repr of a value, unless it is a number that Python refuses to convert."""
    try:
        return repr(value)
    except ValueError:
        return "a number with thousands of digits"
