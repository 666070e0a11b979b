-- One row per chart: its newest day, its newest edition, and what was left out of that day.
CREATE OR REPLACE VIEW chartlake.chart_freshness AS
WITH days AS (
    SELECT
        chart_id,
        chart_name,
        market,
        cadence,
        snapshot_date AS captured_on,
        DATE_ADD('day', -COALESCE(days_behind, 0), snapshot_date) AS spotify_date,
        COALESCE(days_behind, 0) AS days_behind,
        MAX(CASE WHEN NOT is_repeat THEN snapshot_date END) OVER (PARTITION BY chart_id) AS edition_date,
        captured_at,
        refreshed_at,
        entries,
        null_entries + local_entries + episode_entries + rejected_entries AS left_out,
        is_repeat,
        COALESCE(expects_change, TRUE) AS expects_change,
        ROW_NUMBER() OVER (PARTITION BY chart_id ORDER BY snapshot_date DESC) AS days_ago
    FROM chartlake.chart_snapshots
)

SELECT
    chart_id,
    chart_name,
    market,
    cadence,
    captured_on,
    spotify_date,
    days_behind,
    edition_date,
    captured_at,
    refreshed_at,
    entries,
    left_out,
    is_repeat,
    expects_change
FROM days
WHERE days_ago = 1;
