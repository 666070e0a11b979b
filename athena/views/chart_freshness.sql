-- One row per chart: its newest day, its newest edition, and what was left out of that day.
CREATE OR REPLACE VIEW chartlake.chart_freshness AS
WITH days AS (
    SELECT
        chart_id,
        chart_name,
        market,
        cadence,
        snapshot_date AS captured_on,
        MAX(CASE WHEN NOT is_repeat THEN snapshot_date END) OVER (PARTITION BY chart_id) AS edition_date,
        captured_at,
        refreshed_at,
        entries,
        null_entries + local_entries + episode_entries + rejected_entries AS left_out,
        is_repeat,
        ROW_NUMBER() OVER (PARTITION BY chart_id ORDER BY snapshot_date DESC) AS days_ago
    FROM chartlake.chart_snapshots
)

SELECT
    chart_id,
    chart_name,
    market,
    cadence,
    captured_on,
    edition_date,
    captured_at,
    refreshed_at,
    entries,
    left_out,
    is_repeat
FROM days
WHERE days_ago = 1;
