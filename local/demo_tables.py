"""What happened on the charts' newest editions, from the MARTS views, as tables to read."""

from rich.console import Console
from rich.table import Table

from local.warehouse import Warehouse

CLIMBERS = """
    SELECT chart_name, rank, '+' || rank_change, title, artists
    FROM CHARTLAKE.MARTS.SONG_MOVES
    WHERE is_latest AND movement = 'up'
    ORDER BY rank_change DESC, rank, chart_name
    LIMIT 6
"""
DEBUTS = """
    SELECT chart_name, rank, movement, title, artists
    FROM CHARTLAKE.MARTS.SONG_MOVES
    WHERE is_latest AND movement IN ('debut', 're_entry')
    ORDER BY movement, rank, chart_name
    LIMIT 6
"""
EXITS = """
    SELECT chart_name, last_rank, days_on_chart, title, artists
    FROM CHARTLAKE.MARTS.SONG_EXITS
    WHERE is_latest
    ORDER BY last_rank, chart_name
    LIMIT 6
"""


def show_day(warehouse: Warehouse, console: Console) -> None:
    """Print the biggest climbers, the debuts and the exits of every chart's newest edition."""
    _show(warehouse, console, "Biggest climbers", CLIMBERS, ("chart", "rank", "climb"))
    _show(warehouse, console, "Debuts and re-entries", DEBUTS, ("chart", "rank", "movement"))
    _show(warehouse, console, "Exits", EXITS, ("chart", "last rank", "days on chart"))


def _show(
    warehouse: Warehouse, console: Console, title: str, sql: str, columns: tuple[str, ...]
) -> None:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
    for place, column in enumerate((*columns, "title", "artists")):
        table.add_column(column, justify="right" if place in (1, 2) else "left")
    for row in warehouse.query(sql):
        table.add_row(*(str(value) for value in row.values()))
    console.print(table if table.row_count else f"[bold]{title}[/]: none")
    console.print()
