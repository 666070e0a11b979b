"""The counts of agreement -> text: a table per chart and column, and the songs that disagree."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chartlake.counts import counted
from glue_jobs.official import COLUMNS

LINE = "{:<16} {:<14} {:>12} {:>10} {:>10}\n"


def describe(charts: Sequence[Any], songs: Sequence[Any]) -> str:
    """Write the report of these rows of count_agreement and songs_that_disagree."""
    head = LINE.format("chart", "column", "rows", "disagree", "agree")
    table = "".join(line for chart in charts for line in _lines(chart["chart"], chart))
    if len(charts) > 1:
        table += "".join(_lines("all", _sum(charts)))
    left_out = "".join(_left_out(chart) for chart in charts if chart["left_out"])
    return f"{head}{table}{left_out}{_songs(songs)}"


def _lines(chart: str, counts: Any) -> Iterator[str]:
    for name in COLUMNS:
        compared, disagree = counts[f"{name}_compared"], counts[f"{name}_disagree"]
        share = f"{100 * (compared - disagree) / compared:.2f} %" if compared else "-"
        yield LINE.format(chart, name, f"{compared:,}", f"{disagree:,}", share)


def _sum(charts: Sequence[Any]) -> Mapping[str, int]:
    names = [f"{name}_{kind}" for name in COLUMNS for kind in ("compared", "disagree")]
    return {name: sum(chart[name] for chart in charts) for name in names}


def _left_out(chart: Any) -> str:
    return (
        f"\n{chart['chart']}: {counted(chart['left_out'], 'row is', 'rows are')} left out of "
        "peak_rank and days_on_chart. The songs may have been on the\nchart before these files "
        "begin, or between them, which the files cannot tell.\n"
    )


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
