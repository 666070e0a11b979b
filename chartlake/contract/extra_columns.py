"""Columns of a chart file after Spotify's own: import, job and verification ignore them."""

from collections.abc import Iterable, Mapping

from chartlake.contract.counts import counted
from chartlake.contract.printable import printable

MOST_NAMES = 10
LONGEST_NAME = 40


def describe_extra_columns(files: Mapping[str, int]) -> str:
    """Describe in one sentence which columns are ignored; `files` has the file count of each."""
    named = [
        f"{printable(name[:LONGEST_NAME])} in {counted(count, 'file')}"
        for name, count in _most_files_first(files.items())[:MOST_NAMES]
    ]
    others = len(files) - len(named)
    named += [counted(others, "other column")] if others else []
    return f"Extra columns are ignored: {', '.join(named)}."


def _most_files_first(files: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(files, key=lambda named: (-named[1], named[0]))
