"""The digest's queries on MARTS, limited to the reported charts and their editions."""

from collections.abc import Iterable
from datetime import date

FRESHNESS = """
SELECT
    chart_id, chart_name, captured_on, edition_date, captured_at, left_out, is_repeat,
    expects_change
FROM chartlake.chart_freshness
ORDER BY chart_name, chart_id
"""

LEDGER = """
SELECT
    snapshot_date, run_id, chart_id, chart_name,
    captured_at, gate, failed_rules, published_at, is_latest
FROM chartlake.run_ledger
WHERE is_latest OR {editions}
ORDER BY snapshot_date, run_id, chart_id
"""

PULSE = """
SELECT
    chart_id, chart_name, cadence, snapshot_date, previous_edition_on,
    entries, debuts, re_entries, exits
FROM chartlake.chart_pulse
WHERE {editions}
ORDER BY chart_name, chart_id
"""

MOVES = """
SELECT chart_id, movement, rank, rank_change, title, artists
FROM chartlake.song_moves
WHERE ({editions}) AND (movement IN ('debut', 're_entry') OR climb_place = 1 OR fall_place = 1)
ORDER BY chart_id, rank
"""

EXITS = """
SELECT chart_id, title, artists, streak_days, peak_rank, last_rank
FROM chartlake.song_exits
WHERE {editions}
ORDER BY chart_id, streak_days DESC, peak_rank, last_rank
"""

# Unbroken editions at number one share one sum of editions_ago and row number.
NUMBER_ONES = """
WITH firsts AS (
    SELECT
        chart_id,
        snapshot_date,
        song_id,
        title,
        artists,
        editions_ago
        + ROW_NUMBER() OVER (PARTITION BY chart_id, song_id ORDER BY snapshot_date) AS reign
    FROM chartlake.song_moves
    WHERE rank = 1
),

reigns AS (
    SELECT
        chart_id,
        snapshot_date,
        song_id,
        title,
        artists,
        ROW_NUMBER() OVER (PARTITION BY chart_id, song_id, reign ORDER BY snapshot_date) AS editions
    FROM firsts
)

SELECT chart_id, snapshot_date, song_id, title, artists, editions
FROM reigns
WHERE {editions}
"""


def of(editions: Iterable[tuple[str, date]]) -> str:
    """Return the condition that a row is of one of these charts and days."""
    pairs = (
        f"(chart_id = {_text(chart)} AND snapshot_date = DATE '{day}')" for chart, day in editions
    )
    return " OR ".join(pairs) or "1 = 0"


def _text(value: str) -> str:
    return "'{}'".format(value.replace("'", "''"))
