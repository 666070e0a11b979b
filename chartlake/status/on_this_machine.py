"""The status of each chart in a local lake: `chartlake status --lake lake/demo`.

It reads raw manifests, the published files and the embedded warehouse, and loads nothing. No
schedule runs here, so the last days are those up to the newest one in the lake.
"""

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
from rich.console import Console

from chartlake.athena.stand_in.lake import open_lake
from chartlake.athena.stand_in.words import NotAthenaError
from chartlake.contract import paths
from chartlake.contract.chart_config import Chart, read_charts
from chartlake.contract.errors import UserError
from chartlake.contract.tables import LOAD_MANIFEST
from chartlake.lake_folder import LakeFolder
from chartlake.status.advice import OnThisMachine
from chartlake.status.command import days_to, tell
from chartlake.status.expectation import Schedule
from chartlake.status.facts import Raw, Run, Warehouse
from chartlake.status.judge import Question
from chartlake.status.loaded import read_warehouse
from chartlake.status.published import read_runs
from chartlake.status.raw_manifests import read_manifests
from chartlake.status.sources import SilentError, gather
from chartlake.warehouse import WarehouseError, open_warehouse
from chartlake.warehouse.warehouse import DATABASE, warehouse_file

Days = tuple[date, ...]


def show_status(lake: Path, raw: Path | None, days: int, chart: str | None, now: datetime) -> int:
    """Show the status of the charts; return 0 if nothing is red, else 1. `now` is in UTC.

    `raw` is the folder that holds raw/, if not the lake's. Raises UserError if there is nothing to
    show.
    """
    folder = LakeFolder(lake)
    captured = raw or folder.raw
    charts = read_charts(Path(os.environ.get("CHARTLAKE_CHARTS_FILE", "charts.toml")))
    last = newest_day(captured, folder.curated)
    if last is None:
        raise UserError(f"There is nothing in {lake} yet. Run `chartlake demo` first.")
    schedule = Schedule(0, frozenset(one.chart_id for one in charts), is_promised=False)
    question = Question(days_to(last, days), charts, schedule, chart)
    place = OnThisMachine(str(lake), str(captured), is_apart=bool(raw))
    found = gather(
        lambda: _raw(captured, question.days, charts),
        lambda: _runs(folder.curated, question.days),
        lambda: _warehouse(folder.warehouse, question.days),
    )
    return tell(question, found, place, now, Console(highlight=False, markup=False))


def newest_day(raw: Path, curated: Path) -> date | None:
    """Return the newest day with raw files or a run in a lake; None if it has none."""
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
        raise SilentError(f"There are no manifests in {raw}: what was captured is unknown.")
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
        raise SilentError(f"There is no warehouse in {folder}: what is loaded is unknown.")
    try:
        with open_warehouse(folder) as warehouse:
            return read_warehouse(warehouse.query, DATABASE, days[0], days[-1])
    except WarehouseError as error:
        raise SilentError(f"The warehouse in {folder} cannot be queried: {error}") from error
