"""What happened on the charts' newest editions, from the MARTS views, as tables to read."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from chartlake.printable import printable
from local.warehouse import Warehouse

SONG_WIDTH = 33
"""Cells for a song, so that a row fits on a line of 80."""

CLIMBERS = """
    SELECT chart_name, rank, '+' || rank_change AS climb, title || ' · ' || artists AS song
    FROM CHARTLAKE.MARTS.SONG_MOVES
    WHERE is_latest AND movement = 'up'
    ORDER BY rank_change DESC, rank, chart_name
    LIMIT 6
"""
DEBUTS = """
    SELECT chart_name, rank, movement, title || ' · ' || artists AS song
    FROM CHARTLAKE.MARTS.SONG_MOVES
    WHERE is_latest AND movement IN ('debut', 're_entry')
    ORDER BY movement, rank, chart_name
    LIMIT 6
"""
EXITS = """
    SELECT chart_name, last_rank, days_on_chart, title || ' · ' || artists AS song
    FROM CHARTLAKE.MARTS.SONG_EXITS
    WHERE is_latest
    ORDER BY last_rank, chart_name
    LIMIT 6
"""


def show_day(warehouse: Warehouse, console: Console) -> None:
    """Print the biggest climbers, the debuts and the exits of every chart's newest edition."""
    _show(warehouse, console, "Biggest climbers", CLIMBERS, ("chart", "rank", "climb"))
    _show(warehouse, console, "Debuts and re-entries", DEBUTS, ("chart", "rank", "movement"))
    _show(warehouse, console, "Exits", EXITS, ("chart", "last rank", "days on"))


def _show(
    warehouse: Warehouse, console: Console, title: str, sql: str, columns: tuple[str, ...]
) -> None:
    table = Table(box=None, padding=(0, 0, 0, 2), header_style="dim")
    for column in (*columns, "song"):
        is_number = column in ("rank", "climb", "last rank", "days on")
        table.add_column(column, justify="right" if is_number else "left", no_wrap=True)
    for row in warehouse.query(sql):
        cells = [Text(printable(value)) for value in row.values()]
        cells[-1].truncate(SONG_WIDTH, overflow="ellipsis")
        table.add_row(*cells)
    console.print(f"[bold]{title}[/]", table if table.row_count else "  none", "")
