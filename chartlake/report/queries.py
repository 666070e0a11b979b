"""The page's queries on MARTS: one SELECT per part, in SQL that all engines read alike."""

from chartlake.contract.sql import Ask, Rows
from chartlake.report.charts import TOP

EDITIONS = 30
"""How far back the lines of songs go, in editions."""

LIVELY_EDITIONS = 60
"""How far back turnover goes, in editions."""

FRESHNESS = """
SELECT
    chart_id, chart_name, cadence, captured_on, spotify_date, edition_date, captured_at, entries,
    left_out, is_repeat, expects_change
FROM chartlake.chart_freshness
ORDER BY cadence, chart_name, chart_id
"""

# Rows older than the chart's newest day were reported when they were new.
LEDGER = """
SELECT
    ledger.snapshot_date, ledger.run_id, ledger.chart_id, ledger.gate, ledger.failed_rules,
    ledger.published_at, ledger.rows_expected, ledger.rows_loaded, ledger.status, ledger.is_latest,
    fresh.days_behind
FROM chartlake.run_ledger AS ledger
LEFT JOIN chartlake.chart_freshness AS fresh ON ledger.chart_id = fresh.chart_id
WHERE
    ledger.status <> 'replaced'
    AND (fresh.captured_on IS NULL OR ledger.snapshot_date >= fresh.captured_on)
ORDER BY ledger.snapshot_date, ledger.run_id, ledger.chart_id
"""

TODAY = """
SELECT
    chart_id, rank, title, artists, movement, previous_rank, rank_change, climb_place, fall_place,
    peak_rank, days_on_chart, streams, song_id, url
FROM chartlake.song_moves
WHERE is_latest
ORDER BY chart_id, rank, song_id
"""

EXITS = """
SELECT chart_id, title, artists, last_rank, peak_rank, days_on_chart, song_id, url
FROM chartlake.song_exits
WHERE is_latest
ORDER BY chart_id, last_rank, song_id
"""

LINES = f"""
SELECT
    line.chart_id, line.song_id, line.snapshot_date, line.stay, line.rank,
    standing.rank AS place, standing.title
FROM chartlake.song_life_line AS line
INNER JOIN chartlake.song_moves AS standing
    ON line.chart_id = standing.chart_id AND line.song_id = standing.song_id
WHERE standing.is_latest AND standing.rank <= {TOP} AND line.editions_ago < {EDITIONS}
ORDER BY line.chart_id, standing.rank, line.snapshot_date
"""  # noqa: S608 - our own numbers

ARTISTS = """
SELECT chart_id, artist, songs, best_rank, points_share, points_share_change, artist_id
FROM chartlake.artist_share
WHERE is_latest
ORDER BY chart_id, points_share DESC, best_rank, artist_id
"""

PULSE = f"""
SELECT
    chart_id, snapshot_date, previous_edition_on, entries, debuts, re_entries, exits, turnover,
    editions_ago, is_latest
FROM chartlake.chart_pulse
WHERE editions_ago < {LIVELY_EDITIONS}
ORDER BY chart_id, snapshot_date
"""  # noqa: S608 - our own numbers

QUERIES = {
    "freshness": FRESHNESS,
    "ledger": LEDGER,
    "today": TODAY,
    "exits": EXITS,
    "lines": LINES,
    "artists": ARTISTS,
    "pulse": PULSE,
}


def read_rows(ask: Ask) -> dict[str, Rows]:
    """Run every query once; return its name -> its rows."""
    return {name: ask(sql.strip()) for name, sql in QUERIES.items()}
