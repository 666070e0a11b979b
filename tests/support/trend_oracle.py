"""What the trends mean, in plain Python: every row is computed from all editions up to its own.

Written from the contract, slow and stateless: a song's past is looked up in the earlier editions
each time. Rows are in the order of their keys.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

Place = tuple[str, str] | None
"""The song and the track at a place; None where Spotify gave none."""

Row = tuple[Any, ...]


class Snapshot(NamedTuple):
    """A chart on a day, and the day of its newest entry if known."""

    places: Sequence[Place]
    refreshed_on: date | None = None


class Edition(NamedTuple):
    """The songs of an edition, each at its better rank, with its track."""

    day: date
    size: int
    songs: dict[str, tuple[int, str]]


Chart = Mapping[date, Snapshot]
Credits = Callable[[date, str], Sequence[str]]
"""Gives the artists of a track as a day shows them."""

Entry = tuple[date, str, int, str, str]
"""snapshot_date, chart_id, rank, track_id, song_key."""


def songs_of(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the song of each track, from the entries one by one, in their order."""
    of_track: dict[str, str] = {}
    of_key: dict[str, str] = {}
    for _, _, _, track, key in sorted(entries):
        of_track.setdefault(track, of_key.get(key, key))
        of_key.setdefault(key, of_track[track])
    return of_track


def song_trends(charts: Mapping[str, Chart]) -> list[Row]:
    """The columns of the table without streams; a song's name is its song_id."""
    return _all_rows(charts, _song_trends)


def chart_exits(charts: Mapping[str, Chart]) -> list[Row]:
    """The columns of the table."""
    return _all_rows(charts, _chart_exits)


def chart_summary(charts: Mapping[str, Chart]) -> list[Row]:
    """snapshot_date, chart_id, entries, debuts, re_entries, exits, turnover."""
    return _all_rows(charts, _chart_summary)


def artist_trends(charts: Mapping[str, Chart], credits: Credits) -> list[Row]:
    """snapshot_date, chart_id, artist_id, songs, best_rank, chart_points, songs_change."""
    return _all_rows(charts, lambda name, editions: _artist_trends(name, editions, credits))


def _all_rows(charts: Mapping[str, Chart], rows_of: Any) -> list[Row]:
    rows = [row for name, chart in charts.items() for row in rows_of(name, editions_of(chart))]
    return sorted(rows, key=lambda row: row[:3])


def editions_of(chart: Chart) -> list[Edition]:
    """Skip the days on which a chart repeats the one before."""
    days = sorted(chart)
    return [
        Edition(day, len(chart[day].places), _songs(chart[day]))
        for number, day in enumerate(days)
        if number == 0 or not _is_repeat(chart[days[number - 1]], chart[day])
    ]


def _is_repeat(before: Snapshot, now: Snapshot) -> bool:
    same_tracks = _tracks(before) == _tracks(now)
    refreshed = (
        before.refreshed_on is not None
        and now.refreshed_on is not None
        and before.refreshed_on != now.refreshed_on
    )
    return same_tracks and not refreshed


def _tracks(snapshot: Snapshot) -> dict[int, str]:
    return {rank: place[1] for rank, place in enumerate(snapshot.places, start=1) if place}


def _songs(snapshot: Snapshot) -> dict[str, tuple[int, str]]:
    songs: dict[str, tuple[int, str]] = {}
    for rank, place in enumerate(snapshot.places, start=1):
        if place and place[0] not in songs:
            songs[place[0]] = (rank, place[1])
    return songs


def _song_trends(chart_id: str, editions: list[Edition]) -> Iterator[Row]:
    for number, edition in enumerate(editions):
        for song, (rank, track) in edition.songs.items():
            ranks = _ranks(song, editions[: number + 1])
            previous = ranks[-2] if number else None
            yield (
                edition.day,
                chart_id,
                song,
                track,
                rank,
                previous,
                previous - rank if previous else None,
                *_career(ranks),
                next(seen.day for seen in editions if song in seen.songs),
                _movement(ranks),
            )


def _chart_exits(chart_id: str, editions: list[Edition]) -> Iterator[Row]:
    for number in range(1, len(editions)):
        before, edition = editions[number - 1], editions[number]
        for song, (rank, track) in before.songs.items():
            if song not in edition.songs:
                career = _career(_ranks(song, editions[:number]))
                yield edition.day, chart_id, song, track, rank, *career, before.day


def _ranks(song: str, editions: list[Edition]) -> list[int | None]:
    """Return the song's rank in each edition, None if it was not on the chart."""
    return [edition.songs[song][0] if song in edition.songs else None for edition in editions]


def _career(ranks: list[int | None]) -> tuple[int, int, int]:
    """Return peak_rank, days_on_chart and streak_days of a song on the last edition."""
    held = [rank for rank in ranks if rank is not None]
    streak = 0
    while streak < len(ranks) and ranks[-1 - streak] is not None:
        streak += 1
    return min(held), len(held), streak


def _movement(ranks: list[int | None]) -> str:
    *before, rank = ranks
    if not any(before):
        return "debut"
    previous = before[-1]
    if previous is None or rank is None:
        return "re_entry"
    return "up" if rank < previous else "down" if rank > previous else "same"


def _chart_summary(chart_id: str, editions: list[Edition]) -> Iterator[Row]:
    moves = [(row[0], row[-1]) for row in _song_trends(chart_id, editions)]
    exits = [row[0] for row in _chart_exits(chart_id, editions)]
    for number, edition in enumerate(editions):
        entries = len(edition.songs)
        debuts = moves.count((edition.day, "debut"))
        re_entries = moves.count((edition.day, "re_entry"))
        turnover = (debuts + re_entries) / entries if number else None
        gone = exits.count(edition.day)
        yield edition.day, chart_id, entries, debuts, re_entries, gone, turnover


def _artist_trends(chart_id: str, editions: list[Edition], credits: Credits) -> Iterator[Row]:
    for number, edition in enumerate(editions):
        now = _ranks_by_artist(edition, credits)
        before = _ranks_by_artist(editions[number - 1], credits) if number else {}
        for artist, ranks in now.items():
            points = sum(edition.size + 1 - rank for rank in ranks)
            change = len(ranks) - len(before[artist]) if artist in before else None
            yield edition.day, chart_id, artist, len(ranks), min(ranks), points, change


def _ranks_by_artist(edition: Edition, credits: Credits) -> dict[str, list[int]]:
    ranks: dict[str, list[int]] = {}
    for rank, track in edition.songs.values():
        for artist in credits(edition.day, track):
            ranks.setdefault(artist, []).append(rank)
    return ranks
