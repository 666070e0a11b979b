"""Reads what raw manifests say about each chart and day.

A capture manifest is about the day of its folder. An import manifest is in the folder of its first
day and is about every day up to `end_date`, one line per file. So manifests of older folders are
read if they were written since the first requested day.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chartlake.contract.paths import instant_of
from chartlake.status.facts import Attempt, Raw, Unreadable

KEY = re.compile(r".*/dt=(\d{4}-\d{2}-\d{2})/([^/]+)\.json")
LOOK_BACK = timedelta(days=7)
"""How far before the first day manifests are read: they show what was configured then."""

MOST_OLDER = 30
"""How many older manifests are read while a chart of charts.toml has not been named."""

SIDE_BY_SIDE = 8
Read = Callable[[str], bytes | None]
Place = tuple[date, datetime, str]
"""The day of a manifest's folder, the timestamp of its run id, and its key."""


def read_manifests(keys: Iterable[str], read: Read, days: Sequence[date], charts: set[str]) -> Raw:
    """Read the manifests about these days, and older ones until each chart was named.

    Errors that `read` raises are passed on; malformed manifests are listed in `unreadable`.
    """
    places = sorted(filter(None, map(_place, keys)), key=lambda place: place[1], reverse=True)
    wanted = [place for place in places if _may_tell(place, days)]
    raw = _read_all(wanted, read)
    older = [place for place in places if place not in wanted and place[0] < days[0]]
    for place in older[:MOST_OLDER]:
        if charts <= raw.named():
            break
        more = _read_all([place], read)
        raw = Raw((*raw.attempts, *more.attempts), (*raw.unreadable, *more.unreadable))
    return Raw(tuple(sorted(raw.attempts, key=lambda attempt: attempt.at)), raw.unreadable)


def _place(key: str) -> Place | None:
    """Parse a manifest's key; None if it does not have the form of one."""
    match = KEY.fullmatch(key)
    try:
        day = date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
    if match is None or day is None:
        return None
    return day, instant_of(match[2]) or datetime.min.replace(tzinfo=UTC), key


def _may_tell(place: Place, days: Sequence[date]) -> bool:
    day, written, _ = place
    return day <= days[-1] and (day >= days[0] - LOOK_BACK or written.date() >= days[0])


def _read_all(places: Collection[Place], read: Read) -> Raw:
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        contents = list(pool.map(lambda place: read(place[2]), places))
    attempts: list[Attempt] = []
    unreadable: list[Unreadable] = []
    for (day, written, key), content in zip(places, contents, strict=True):
        try:
            attempts += parse_manifest(content or b"", written)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = f"is not a valid manifest ({type(error).__name__}: {error})."
            unreadable.append(Unreadable(day, key, " ".join(reason.split())))
    return Raw(tuple(attempts), tuple(unreadable))


def parse_manifest(content: bytes, written: datetime) -> Iterator[Attempt]:
    """Parse a manifest, one line per chart and day; lines of files without a chart are skipped.

    `written` is the timestamp of its run, for a manifest that does not say when it was finished.
    Raises ValueError, KeyError, TypeError or AttributeError if the manifest is malformed.
    """
    manifest = json.loads(content)
    day = date.fromisoformat(manifest["snapshot_date"])
    at = datetime.fromisoformat(manifest["finished_at"]) if "finished_at" in manifest else written
    if at.tzinfo is None:
        raise ValueError(f"finished_at = {at} has no time zone")
    return iter([_attempt(line, day, at) for line in manifest["charts"] if line["chart_id"]])


def _attempt(line: dict[str, Any], day: date, at: datetime) -> Attempt:
    own_day = line.get("snapshot_date")
    return Attempt(
        chart_id=line["chart_id"],
        day=date.fromisoformat(own_day) if own_day else day,
        at=at,
        status=line["status"],
        key=line.get("key"),
        error=" ".join(line["error"].split()) if line.get("error") else None,
    )
