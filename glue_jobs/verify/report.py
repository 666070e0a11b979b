"""Agreement counts -> text: a table per chart and column, and the songs that disagree."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chartlake.contract.counts import counted
from glue_jobs.verify.official import COLUMNS

LINE = "{:<16} {:<14} {:>12} {:>10} {:>10} {:>12} {:>10}\n"
KINDS = ("compared", "disagree", "unknowable")
UNKNOWABLE = """
Unknowable rows are not compared: their songs have more days or weeks than the files show. The
others may be before the first file, or in a gap between files. The last column is the agreement if
all of these rows were wrong.
"""


def describe(charts: Sequence[Any], songs: Sequence[Any]) -> str:
    """Format the report from rows of count_agreement and songs_that_disagree."""
    head = LINE.format("chart", "column", "rows", "disagree", "agree", "unknowable", "at least")
    table = "".join(line for chart in charts for line in _lines(chart["chart"], chart))
    counts = _sum(charts)
    if len(charts) > 1:
        table += "".join(_lines("all", counts))
    is_whole = not any(counts[f"{name}_unknowable"] for name in COLUMNS)
    return f"{head}{table}{'' if is_whole else UNKNOWABLE}{_songs(songs)}"


def _lines(chart: str, counts: Any) -> Iterator[str]:
    for name in COLUMNS:
        compared, disagree, unknowable = (counts[f"{name}_{kind}"] for kind in KINDS)
        agree = compared - disagree
        shares = _share(agree, compared), _share(agree, compared + unknowable)
        numbers = f"{compared:,}", f"{disagree:,}", shares[0], f"{unknowable:,}", shares[1]
        yield LINE.format(chart, name, *numbers)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


def _sum(charts: Sequence[Any]) -> Mapping[str, int]:
    names = [f"{name}_{kind}" for name in COLUMNS for kind in KINDS]
    return {name: sum(chart[name] for chart in charts) for name in names}


def _songs(songs: Sequence[Any]) -> str:
    if not songs:
        return "\nNo song disagrees.\n"
    return "\nSongs that disagree most:\n" + "".join(_song(song) for song in songs)


def _song(song: Any) -> str:
    example = song["example"]
    official, computed = (
        "none" if example[side] is None else example[side] for side in ("official", "computed")
    )
    rows = counted(song["rows"], "row")
    return (
        f"{rows:>11}  {song['title']} - {song['artists']} ({song['chart']}, track "
        f"{song['track_id']})\n             first on {example['day']}: {example['column']} is "
        f"{official} officially, {computed} computed\n"
    )
