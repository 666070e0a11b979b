"""The contents of a chart file -> its format and number of entries, or the first error.

charts.spotify.com writes a byte order mark, `uri`, and different headers for days and weeks. Its
predecessor, spotifycharts.com, wrote a note above its header (its first files had none) and `URL`.
A rank may be missing: Spotify published files of 196 rows. Only what the tables need is checked.
Collectors append their own columns; they are ignored.
"""

import csv
import io
import re
from dataclasses import dataclass
from typing import NamedTuple

from chartlake.contract.chart_files import DAILY_HEADER, OLD_HEADER, WEEKLY_HEADER
from chartlake.contract.counts import counted
from chartlake.contract.misread import as_it_was

AGAIN = "Download it again from charts.spotify.com, signed in, and do not edit it."
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NOTE = re.compile(r'[\r\n]*,,,"?Note that these figures')


class RowsError(ValueError):
    """The contents are not a complete chart; the message is a clause without the file's name."""


@dataclass(frozen=True)
class Layout:
    """Where a format's rows hold the checked values, and how it spells a track.

    `cadence` is None if daily and weekly files have the same header.
    """

    format: str
    cadence: str | None
    rank: int
    track: int
    names: slice
    streams: int
    track_pattern: str


URI = r"spotify:track:[0-9A-Za-z]{22}"
URL = r"https://open\.spotify\.com/track/[0-9A-Za-z]{22}"
HEADERS = {
    DAILY_HEADER: Layout(
        "charts.spotify.com", "daily", 0, 1, names=slice(2, 4), streams=8, track_pattern=URI
    ),
    WEEKLY_HEADER: Layout(
        "charts.spotify.com", "weekly", 0, 1, names=slice(2, 4), streams=8, track_pattern=URI
    ),
    OLD_HEADER: Layout(
        "spotifycharts.com", None, 0, 4, names=slice(1, 3), streams=3, track_pattern=URL
    ),
}
LAYOUTS = {tuple(names.split(",")): layout for names, layout in HEADERS.items()}


class Contents(NamedTuple):
    """A file's format, number of entries and ignored column names."""

    format: str
    entries: int
    extra_columns: tuple[str, ...]


def count_entries(content: bytes, cadence: str) -> Contents:
    """Validate the contents of a daily or weekly file and count its entries.

    Raises RowsError for the first error.
    """
    text = _text(content)
    rows = _rows(text)
    if NOTE.match(text):
        del rows[0]
    header = rows[0][1] if rows else []
    layout, extra_columns = _layout(header)
    if layout.cadence not in (None, cadence):
        raise RowsError(f"it is a {layout.cadence} chart, but its name says {cadence}. Rename it.")
    _check_rows(rows[1:], layout, len(header), text.endswith("\n"))
    if text.count('"') % 2:
        raise RowsError(f"it has an unmatched quote. {AGAIN}")
    _check_names([name for _, row in rows[1:] for name in row[layout.names]])
    return Contents(layout.format, len(rows) - 1, extra_columns)


def _layout(header: list[str]) -> tuple[Layout, tuple[str, ...]]:
    """Return the layout that a header begins with, and the names after it."""
    for names, layout in LAYOUTS.items():
        known, extra = tuple(header[: len(names)]), tuple(header[len(names) :])
        if known == names and all(name.strip(" ") for name in extra):
            return layout, extra
    raise RowsError(f"{','.join(header)[:60]!r} is not the header of a song chart. {AGAIN}")


def _text(content: bytes) -> str:
    start = content.removeprefix(BYTE_ORDER_MARK).lstrip()
    if not start:
        raise RowsError(f"it is empty. {AGAIN}")
    if start.startswith(b"<"):
        raise RowsError(f"it is a web page; the site has no such chart. {AGAIN}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RowsError(f"it is not UTF-8; another program has saved it. {AGAIN}") from None


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Split into non-blank rows, each with the number of its last line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise RowsError(_cut(reader.line_num)) from None
        raise RowsError(f"line {reader.line_num} is not valid CSV ({error}). {AGAIN}") from None


def _check_rows(
    rows: list[tuple[int, list[str]]], layout: Layout, width: int, ends_its_line: bool
) -> None:
    rank = 0
    for line, row in rows:
        if problem := _problem(row, layout, width, rank):
            is_last = line == rows[-1][0]
            if is_last and (len(row) < width or not ends_its_line):
                raise RowsError(_cut(line))
            raise RowsError(f"line {line} {problem}. {AGAIN}")
        rank = int(row[layout.rank])


def _check_names(names: list[str]) -> None:
    """Reject the file if all of its non-ASCII titles and artists were misread."""
    read = [name for name in names if not name.isascii()]
    was = [as_it_was(name) for name in read]
    if read and None not in was:
        raise RowsError(
            f"{read[0][:60]!r} is {str(was[0])[:60]!r} read as Latin-1 or Windows-1252; another "
            f"program has saved the file. {AGAIN}"
        )


def _problem(row: list[str], layout: Layout, width: int, rank_before: int) -> str | None:
    """Say what is wrong with a row; None if it is valid."""
    if len(row) != width:
        return f"has {counted(len(row), 'field')}, but the header has {width}"
    rank, track, streams = row[layout.rank], row[layout.track], row[layout.streams]
    if not re.fullmatch(r"0|[1-9][0-9]{0,3}", rank):
        return f"has an invalid rank, {rank!r}"
    if not re.fullmatch(layout.track_pattern, track):
        return f"has an invalid track, {track!r}"
    if not re.fullmatch(r"[0-9]{1,15}", streams):
        return f"has an invalid number of streams, {streams!r}"
    if rank_before == 0 and int(rank) != 1:
        return f"has rank {rank}, but a chart begins with rank 1"
    if int(rank) <= rank_before:
        return f"has rank {rank} after rank {rank_before}, but ranks must increase"
    return None


def _cut(line: int) -> str:
    return f"its last row, on line {line}, is cut off: the download is incomplete. {AGAIN}"
