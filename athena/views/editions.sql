-- One row per chart and edition: days that only repeat the edition before are left out.
CREATE OR REPLACE VIEW chartlake.editions AS
SELECT
    chart_id,
    chart_name,
    market,
    cadence,
    snapshot_date,
    DATE_ADD('day', -COALESCE(days_behind, 0), snapshot_date) AS spotify_date,
    captured_at,
    LAG(snapshot_date) OVER (PARTITION BY chart_id ORDER BY snapshot_date) AS previous_edition_on,
    MIN(snapshot_date) OVER (PARTITION BY chart_id) AS first_edition_on,
    ROW_NUMBER() OVER (PARTITION BY chart_id ORDER BY snapshot_date DESC) - 1 AS editions_ago,
    snapshot_date = MAX(snapshot_date) OVER (PARTITION BY chart_id) AS is_latest
FROM chartlake.chart_snapshots
WHERE NOT is_repeat;
