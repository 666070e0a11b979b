"""A chart file's name and bytes -> its chart and date, checked against charts.toml.

The name gives the chart and date, and the contents are validated against it. An incomplete or
misnamed file is rejected, with one sentence that names it and says what to do. Browsers number
repeated downloads, `… (1).csv`; such a file counts under its official name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chartlake.contract.chart_config import Chart
from chartlake.contract.chart_files import DOWNLOADED, file_name
from chartlake.contract.counts import counted
from chartlake.contract.paths import charts_csv_key
from chartlake.contract.printable import printable
from extract_lambda.chart_files.rows import AGAIN, RowsError, count_entries

THURSDAY = 3
NAME = re.compile(DOWNLOADED)


class ChartFileError(ValueError):
    """The file is rejected; the message is a sentence that names it and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


@dataclass(frozen=True)
class ChartFile:
    """A complete file of one chart and date.

    `entries` is the number of its rows; `extra_columns` names the ignored columns.
    """

    chart: Chart
    snapshot_date: date
    entries: int
    format: str
    extra_columns: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Key of the file in raw, under its official name."""
        name = file_name(self.chart.market, self.chart.cadence, self.snapshot_date)
        return charts_csv_key(self.snapshot_date, name)


def read_chart_file(name: str, content: bytes, charts: Sequence[Chart]) -> ChartFile:
    """Validate a file's name and contents; raises ChartFileError for the first error."""
    chart, snapshot_date = named_chart(name, charts)
    try:
        layout, entries, extra_columns = count_entries(content, chart.cadence)
    except RowsError as error:
        raise ChartFileError(f"{name}: {error}") from None
    if entries < chart.expected_size - chart.tolerance:
        raise ChartFileError(
            f"{name}: it has {counted(entries, 'entry', 'entries')}; charts.toml expects "
            f"{chart.expected_size} of {chart.chart_id} and allows {chart.tolerance} fewer. {AGAIN}"
        )
    return ChartFile(chart, snapshot_date, entries, layout, extra_columns)


def named_chart(name: str, charts: Sequence[Chart]) -> tuple[Chart, date]:
    """Return the chart and date of a file name; raises ChartFileError if the name is invalid."""
    named = NAME.fullmatch(name)
    if named is None:
        raise ChartFileError(
            f"{name}: a chart file is named like regional-us-daily-2026-10-01.csv, or weekly with "
            "the Thursday that ends its week. Restore the name that the site gave it."
        )
    market, cadence, day = named[1], named[2], _day(name, named[3])
    if cadence == "weekly" and day.weekday() != THURSDAY:
        raise ChartFileError(
            f"{name}: {day} is a {day:%A}, but a weekly chart is dated by the Thursday that ends "
            "its week. Restore the name that the site gave it."
        )
    return _chart(name, market, cadence, charts), day


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ChartFileError(
            f"{name}: {text} is not a valid date. Restore the name that the site gave it."
        ) from None


def _chart(name: str, market: str, cadence: str, charts: Sequence[Chart]) -> Chart:
    wanted = f'source = "charts_csv", market = "{market}" and cadence = "{cadence}"'
    found = [
        chart
        for chart in charts
        if (chart.source, chart.market, chart.cadence) == ("charts_csv", market, cadence)
    ]
    if not found:
        raise ChartFileError(f"{name}: charts.toml has no chart with {wanted}. Add one to it.")
    if len(found) > 1:
        ids = ", ".join(chart.chart_id for chart in found)
        raise ChartFileError(f"{name}: charts.toml has {ids} with {wanted}. Keep one of them.")
    return found[0]
