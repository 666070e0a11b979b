"""Where each chart of a lake of this machine stands: `make status LAKE=lake/demo`.

    python -m chartlake.status.on_this_machine --lake lake/demo [--raw FOLDER] [--days 7]

It reads raw manifests, the published files and the embedded warehouse, and loads nothing. No
schedule runs here, so the last days are those up to the newest one that the lake has.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
from rich.console import Console

from chartlake.athena.stand_in.lake import open_lake
from chartlake.athena.stand_in.refusal import NotAthenaError
from chartlake.contract import paths
from chartlake.contract.chart_config import Chart, ChartsFileError, read_charts
from chartlake.contract.tables import LOAD_MANIFEST
from chartlake.status.advice import OnThisMachine
from chartlake.status.command import add_options, days_to, tell
from chartlake.status.expectation import Schedule
from chartlake.status.facts import Raw, Run, Warehouse
from chartlake.status.judge import Question
from chartlake.status.loaded import read_warehouse
from chartlake.status.published import read_runs
from chartlake.status.raw_manifests import read_manifests
from chartlake.status.sources import SilentError, gather
from chartlake.warehouse import WarehouseError, open_warehouse
from chartlake.warehouse.warehouse import DATABASE, warehouse_file

RAW, CURATED = "chartlake-raw", "chartlake-curated"
Days = tuple[date, ...]


def main(arguments: Sequence[str] | None = None, now: datetime | None = None) -> int:
    """Say where the charts stand; return 0 where nothing is red, 1 where something is, 2 on error.

    `now` is in UTC, and the clock's unless told.
    """
    options = _options(arguments)
    raw = options.raw or options.lake / RAW
    console = Console(highlight=False, markup=False)
    try:
        charts = read_charts(Path(os.environ.get("CHARTLAKE_CHARTS_FILE", "charts.toml")))
    except ChartsFileError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    last = newest_day(raw, options.lake / CURATED)
    if last is None:
        sys.stderr.write(f"There is nothing in {options.lake} yet: run `make demo` first.\n")
        return 2
    schedule = Schedule(0, frozenset(chart.chart_id for chart in charts), is_promised=False)
    question = Question(days_to(last, options.days), charts, schedule, options.chart)
    place = OnThisMachine(str(options.lake), str(raw), is_apart=bool(options.raw))
    found = gather(
        lambda: _raw(raw, question.days, charts),
        lambda: _runs(options.lake / CURATED, question.days),
        lambda: _warehouse(options.lake / "warehouse", question.days),
    )
    return tell(question, found, place, now or datetime.now(UTC), console)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make status", allow_abbrev=False)
    parser.add_argument("--lake", type=Path, required=True, help="the folder that a demo left")
    parser.add_argument("--raw", type=Path, help="the folder that holds raw/, if it is elsewhere")
    add_options(parser)
    return parser.parse_args(arguments)


def newest_day(raw: Path, curated: Path) -> date | None:
    """Find the newest day of which a lake has raw files or a run; None where it has none."""
    manifests = curated / paths.table_prefix(LOAD_MANIFEST.name)
    folders = [raw / paths.RAW_MANIFESTS, raw / paths.RAW_PLAYLISTS, raw / paths.RAW_CHARTS_CSV]
    return max(
        (day for folder in (*folders, manifests) for day in map(_day, folder.glob("dt=*")) if day),
        default=None,
    )


def _day(folder: Path) -> date | None:
    try:
        return date.fromisoformat(folder.name.removeprefix("dt="))
    except ValueError:
        return None


def _raw(raw: Path, days: Days, charts: Sequence[Chart]) -> Raw:
    if not (raw / paths.RAW_MANIFESTS).is_dir():
        raise SilentError(f"There are no manifests in {raw}: what was captured is not known.")
    keys = [path.relative_to(raw).as_posix() for path in raw.glob(f"{paths.RAW_MANIFESTS}/*/*")]
    names = {chart.chart_id for chart in charts}
    try:
        return read_manifests(keys, lambda key: (raw / key).read_bytes(), days, names)
    except OSError as error:
        raise SilentError(f"The manifests in {raw} cannot be read: {error}.") from error


def _runs(curated: Path, days: Days) -> tuple[Run, ...]:
    try:
        with open_lake(curated, with_views=False) as lake:
            return read_runs(lake.query, days[0], days[-1])
    except (NotAthenaError, duckdb.Error) as error:
        reason = str(error).partition("\n")[0]
        raise SilentError(f"The files in {curated} cannot be read: {reason}") from error


def _warehouse(folder: Path, days: Days) -> Warehouse:
    if not warehouse_file(folder).exists():
        raise SilentError(f"There is no warehouse in {folder}: what is loaded is not known.")
    try:
        with open_warehouse(folder) as warehouse:
            return read_warehouse(warehouse.query, DATABASE, days[0], days[-1])
    except WarehouseError as error:
        raise SilentError(f"The warehouse in {folder} cannot be asked: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
