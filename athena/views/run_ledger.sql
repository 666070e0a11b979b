-- One row per date, run and chart: captured, gated, published, loaded, visible.
-- A run of no chart has one row. In Athena nothing is ever loading: rows_loaded counts the rows of the
-- files, and loaded_at is null.
CREATE OR REPLACE VIEW chartlake.run_ledger AS
WITH files AS (
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.chart_snapshots
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.chart_entries
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.tracks
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.albums
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.artists
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.track_artists
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.song_trends
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.chart_exits
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.artist_trends
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.chart_summary
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.quarantine
    GROUP BY dt, run_id
    UNION ALL
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.quality_results
    GROUP BY dt, run_id
),

arrived AS (
    SELECT
        CAST(dt AS date) AS snapshot_date,
        run_id,
        SUM(rows_loaded) AS rows_loaded
    FROM files
    GROUP BY dt, run_id
),

promised AS (
    SELECT
        CAST(dt AS date) AS snapshot_date,
        run_id,
        MIN(published_at) AS published_at,
        SUM(row_count) AS rows_expected
    FROM chartlake_landing.load_manifest
    GROUP BY dt, run_id
),

runs AS (
    SELECT
        COALESCE(promised.snapshot_date, arrived.snapshot_date) AS snapshot_date,
        COALESCE(promised.run_id, arrived.run_id) AS run_id,
        promised.published_at,
        promised.rows_expected,
        COALESCE(arrived.rows_loaded, 0) AS rows_loaded
    FROM promised
    FULL OUTER JOIN arrived
        ON
            promised.snapshot_date = arrived.snapshot_date
            AND promised.run_id = arrived.run_id
),

told AS (
    SELECT
        CAST(dt AS date) AS snapshot_date,
        run_id,
        chart_id,
        captured_at,
        entries,
        NULL AS rule,
        NULL AS passed,
        0 AS quarantined
    FROM chartlake_landing.chart_snapshots
    UNION ALL
    SELECT
        CAST(dt AS date) AS snapshot_date,
        run_id,
        chart_id,
        NULL AS captured_at,
        NULL AS entries,
        rule,
        passed,
        0 AS quarantined
    FROM chartlake_landing.quality_results
    UNION ALL
    SELECT
        CAST(dt AS date) AS snapshot_date,
        run_id,
        chart_id,
        NULL AS captured_at,
        NULL AS entries,
        NULL AS rule,
        NULL AS passed,
        1 AS quarantined
    FROM chartlake_landing.quarantine
    WHERE chart_id IS NOT NULL
),

charts AS (
    SELECT
        snapshot_date,
        run_id,
        chart_id,
        MAX(captured_at) AS captured_at,
        MAX(entries) AS entries,
        COUNT(rule) AS rules_asked,
        ARRAY_JOIN(ARRAY_AGG(rule ORDER BY rule) FILTER (WHERE NOT passed), ', ') AS failed_rules,
        SUM(quarantined) AS quarantined
    FROM told
    GROUP BY snapshot_date, run_id, chart_id
)

SELECT
    runs.snapshot_date,
    runs.run_id,
    charts.chart_id,
    freshness.chart_name,
    charts.captured_at,
    charts.entries,
    CASE
        WHEN charts.failed_rules IS NOT NULL AND charts.captured_at IS NOT NULL THEN 'kept'
        WHEN charts.failed_rules IS NOT NULL THEN 'held back'
        WHEN charts.rules_asked > 0 THEN 'passed'
        WHEN charts.quarantined > 0 AND charts.captured_at IS NULL THEN 'held back'
    END AS gate,
    charts.failed_rules,
    charts.quarantined,
    runs.published_at,
    runs.rows_expected,
    runs.rows_loaded,
    CAST(NULL AS timestamp) AS loaded_at,
    CASE
        WHEN runs.run_id = current_runs.run_id THEN 'visible'
        WHEN runs.run_id < current_runs.run_id THEN 'replaced'
        ELSE 'unpublished'
    END AS status,
    RANK() OVER (ORDER BY runs.snapshot_date DESC, runs.run_id DESC) = 1 AS is_latest
FROM runs
LEFT JOIN chartlake.current_runs AS current_runs
    ON runs.snapshot_date = current_runs.snapshot_date
LEFT JOIN charts
    ON
        runs.snapshot_date = charts.snapshot_date
        AND runs.run_id = charts.run_id
LEFT JOIN chartlake.chart_freshness AS freshness
    ON charts.chart_id = freshness.chart_id;
