-- One row per date, run and chart: captured, gated, published, loaded, visible.
-- A run of no chart has one row. In Athena nothing is ever loading: rows_loaded counts the rows of the
-- files, and loaded_at is null.
--
-- snapshot_date: Day of the chart: the UTC day of its capture, or the date of its chart file
-- run_id: Run of build_tables that wrote the row; sorts by time
-- chart_id: Chart, as named in charts.toml; null where the run holds none
-- chart_name: Name of the chart on its newest day; null before it has one
-- captured_at: When the capture that the run holds began; null where it holds none
-- entries: Positions that hold a track
-- gate: passed; held back: no chart; kept: held back, an earlier one stays; null: no rule asked
-- failed_rules: Rules that held it back, by name
-- quarantined: Raw files and records of the chart that were rejected
-- published_at: When the run began to publish; null until its manifest has arrived
-- rows_expected: Rows that the run promises, all charts and tables
-- rows_loaded: Rows of the run that have arrived
-- loaded_at: When the newest of them was first loaded
-- status: unpublished: no manifest yet; loading; visible; replaced: by a newer run
-- is_latest: True for the newest run of the newest date
<% if engine == "snowflake" %>
<# Rows arrive in LANDING, so a run shows before it is whole; Athena reads the files themselves. #>
WITH ARRIVED AS (
    SELECT
        SNAPSHOT_DATE,
        RUN_ID,
        SUM(ROWS_LOADED)::NUMBER(38, 0) AS ROWS_LOADED,
        MAX(LOADED_AT) AS LOADED_AT
    FROM {{ database }}.LANDING.ARRIVALS
    GROUP BY SNAPSHOT_DATE, RUN_ID
),

-- A run has a manifest, rows, or both.
RUNS AS (
    SELECT
        COALESCE(PROMISED.SNAPSHOT_DATE, ARRIVED.SNAPSHOT_DATE) AS SNAPSHOT_DATE,
        COALESCE(PROMISED.RUN_ID, ARRIVED.RUN_ID) AS RUN_ID,
        PROMISED.PUBLISHED_AT,
        PROMISED.ROWS_EXPECTED,
        COALESCE(ARRIVED.ROWS_LOADED, 0) AS ROWS_LOADED,
        ARRIVED.LOADED_AT
    FROM {{ database }}.LANDING.RUNS AS PROMISED
    FULL OUTER JOIN ARRIVED
        ON
            PROMISED.SNAPSHOT_DATE = ARRIVED.SNAPSHOT_DATE
            AND PROMISED.RUN_ID = ARRIVED.RUN_ID
),

RULES AS (
    SELECT DISTINCT
        SNAPSHOT_DATE,
        RUN_ID,
        CHART_ID,
        RULE,
        PASSED
    FROM {{ database }}.LANDING.QUALITY_RESULTS
),

-- What each table tells of a chart, one below the other.
TOLD AS (
    SELECT DISTINCT
        SNAPSHOT_DATE,
        RUN_ID,
        CHART_ID,
        CAPTURED_AT,
        ENTRIES,
        0 AS RULES_ASKED,
        NULL AS FAILED_RULES,
        0 AS QUARANTINED
    FROM {{ database }}.LANDING.CHART_SNAPSHOTS
    UNION ALL
    SELECT
        SNAPSHOT_DATE,
        RUN_ID,
        CHART_ID,
        NULL AS CAPTURED_AT,
        NULL AS ENTRIES,
        COUNT(*) AS RULES_ASKED,
        LISTAGG(CASE WHEN NOT PASSED THEN RULE END, ', ') WITHIN GROUP (ORDER BY RULE) AS FAILED_RULES,
        0 AS QUARANTINED
    FROM RULES
    GROUP BY SNAPSHOT_DATE, RUN_ID, CHART_ID
    UNION ALL
    SELECT
        SNAPSHOT_DATE,
        RUN_ID,
        CHART_ID,
        NULL AS CAPTURED_AT,
        NULL AS ENTRIES,
        0 AS RULES_ASKED,
        NULL AS FAILED_RULES,
        COUNT(DISTINCT SRC_FILE, SRC_ROW) AS QUARANTINED
    FROM {{ database }}.LANDING.QUARANTINE
    WHERE CHART_ID IS NOT NULL
    GROUP BY SNAPSHOT_DATE, RUN_ID, CHART_ID
),

-- Snowflake lists nothing as '', other engines as null.
CHARTS AS (
    SELECT
        SNAPSHOT_DATE,
        RUN_ID,
        CHART_ID,
        MAX(CAPTURED_AT) AS CAPTURED_AT,
        MAX(ENTRIES) AS ENTRIES,
        MAX(RULES_ASKED) AS RULES_ASKED,
        NULLIF(MAX(FAILED_RULES), '') AS FAILED_RULES,
        MAX(QUARANTINED) AS QUARANTINED
    FROM TOLD
    GROUP BY SNAPSHOT_DATE, RUN_ID, CHART_ID
)

SELECT
    RUNS.SNAPSHOT_DATE,
    RUNS.RUN_ID,
    CHARTS.CHART_ID,
    FRESHNESS.CHART_NAME,
    CHARTS.CAPTURED_AT,
    CHARTS.ENTRIES,
    CASE
        WHEN CHARTS.FAILED_RULES IS NOT NULL AND CHARTS.CAPTURED_AT IS NOT NULL THEN 'kept'
        WHEN CHARTS.FAILED_RULES IS NOT NULL THEN 'held back'
        WHEN CHARTS.RULES_ASKED > 0 THEN 'passed'
        WHEN CHARTS.QUARANTINED > 0 AND CHARTS.CAPTURED_AT IS NULL THEN 'held back'
    END AS GATE,
    CHARTS.FAILED_RULES,
    CHARTS.QUARANTINED,
    RUNS.PUBLISHED_AT,
    RUNS.ROWS_EXPECTED,
    RUNS.ROWS_LOADED,
    RUNS.LOADED_AT,
    CASE
        WHEN RUNS.RUN_ID = CURRENT_RUNS.RUN_ID THEN 'visible'
        WHEN RUNS.RUN_ID < CURRENT_RUNS.RUN_ID THEN 'replaced'
        WHEN RUNS.PUBLISHED_AT IS NULL THEN 'unpublished'
        ELSE 'loading'
    END AS STATUS,
    RANK() OVER (ORDER BY RUNS.SNAPSHOT_DATE DESC, RUNS.RUN_ID DESC) = 1 AS IS_LATEST
FROM RUNS
LEFT JOIN {{ database }}.LANDING.CURRENT_RUNS AS CURRENT_RUNS
    ON RUNS.SNAPSHOT_DATE = CURRENT_RUNS.SNAPSHOT_DATE
LEFT JOIN CHARTS
    ON
        RUNS.SNAPSHOT_DATE = CHARTS.SNAPSHOT_DATE
        AND RUNS.RUN_ID = CHARTS.RUN_ID
LEFT JOIN {{ database }}.MARTS.CHART_FRESHNESS AS FRESHNESS
    ON CHARTS.CHART_ID = FRESHNESS.CHART_ID
<% else %>
WITH files AS (
    <% for table in tables if table is not sameas load_manifest %>
    SELECT
        dt,
        run_id,
        COUNT(*) AS rows_loaded
    FROM chartlake_landing.<< table.name >>
    GROUP BY dt, run_id
    <% if not loop.last %>
    UNION ALL
    <% endif %>
    <% endfor %>
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
    ON charts.chart_id = freshness.chart_id
<% endif %>
