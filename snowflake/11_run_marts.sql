-- How fresh the charts are, and where each run stands.
USE ROLE {{ prefix }}_TRANSFORMER;

CREATE OR REPLACE VIEW {{ database }}.MARTS.CHART_FRESHNESS (
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    CHART_NAME COMMENT 'Name in charts.toml when captured',
    MARKET COMMENT 'ISO 3166 country code in lower case, or global',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    CAPTURED_ON COMMENT 'Newest day that readers see of the chart',
    SPOTIFY_DATE COMMENT 'Spotify''s own date: CAPTURED_ON less DAYS_BEHIND; charts are compared by it',
    DAYS_BEHIND COMMENT 'Days from Spotify''s own date of the chart to snapshot_date; null counts as 0',
    EDITION_DATE COMMENT 'Newest edition: earlier than CAPTURED_ON where that day repeats it',
    CAPTURED_AT COMMENT 'When the capture began, or the chart file came into raw',
    REFRESHED_AT COMMENT 'Newest added_at of the entries; null where Spotify omits it',
    ENTRIES COMMENT 'Positions that hold a track',
    LEFT_OUT COMMENT 'Positions of that day that hold no track, or none that could be read',
    IS_REPEAT COMMENT 'True where the chart still shows the edition before',
    EXPECTS_CHANGE COMMENT 'False where the chart may stay the same for days; null counts as true'
)
COPY GRANTS
COMMENT = 'One row per chart: its newest day, its newest edition, and what was left out of that day.'
AS
WITH DAYS AS (
    SELECT
        CHART_ID,
        CHART_NAME,
        MARKET,
        CADENCE,
        SNAPSHOT_DATE AS CAPTURED_ON,
        DATEADD(DAY, -COALESCE(DAYS_BEHIND, 0), SNAPSHOT_DATE)::DATE AS SPOTIFY_DATE,
        COALESCE(DAYS_BEHIND, 0) AS DAYS_BEHIND,
        MAX(CASE WHEN NOT IS_REPEAT THEN SNAPSHOT_DATE END) OVER (PARTITION BY CHART_ID) AS EDITION_DATE,
        CAPTURED_AT,
        REFRESHED_AT,
        ENTRIES,
        NULL_ENTRIES + LOCAL_ENTRIES + EPISODE_ENTRIES + REJECTED_ENTRIES AS LEFT_OUT,
        IS_REPEAT,
        COALESCE(EXPECTS_CHANGE, TRUE) AS EXPECTS_CHANGE,
        ROW_NUMBER() OVER (PARTITION BY CHART_ID ORDER BY SNAPSHOT_DATE DESC) AS DAYS_AGO
    FROM {{ database }}.CORE.CHART_SNAPSHOTS
)

SELECT
    CHART_ID,
    CHART_NAME,
    MARKET,
    CADENCE,
    CAPTURED_ON,
    SPOTIFY_DATE,
    DAYS_BEHIND,
    EDITION_DATE,
    CAPTURED_AT,
    REFRESHED_AT,
    ENTRIES,
    LEFT_OUT,
    IS_REPEAT,
    EXPECTS_CHANGE
FROM DAYS
WHERE DAYS_AGO = 1;

-- A run of no chart has one row. In Athena nothing is ever loading: rows_loaded counts the rows of the
-- files, and loaded_at is null.
CREATE OR REPLACE VIEW {{ database }}.MARTS.RUN_LEDGER (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    RUN_ID COMMENT 'Run of build_tables that wrote the row; sorts by time',
    CHART_ID COMMENT 'Chart, as named in charts.toml; null where the run holds none',
    CHART_NAME COMMENT 'Name of the chart on its newest day; null before it has one',
    CAPTURED_AT COMMENT 'When the capture that the run holds began; null where it holds none',
    ENTRIES COMMENT 'Positions that hold a track',
    GATE COMMENT 'passed; held back: no chart; kept: held back, an earlier one stays; null: no rule asked',
    FAILED_RULES COMMENT 'Rules that held it back, by name',
    QUARANTINED COMMENT 'Raw files and records of the chart that were rejected',
    PUBLISHED_AT COMMENT 'When the run began to publish; null until its manifest has arrived',
    ROWS_EXPECTED COMMENT 'Rows that the run promises, all charts and tables',
    ROWS_LOADED COMMENT 'Rows of the run that have arrived',
    LOADED_AT COMMENT 'When the newest of them was first loaded',
    STATUS COMMENT 'unpublished: no manifest yet; loading; visible; replaced: by a newer run',
    IS_LATEST COMMENT 'True for the newest run of the newest date'
)
COPY GRANTS
COMMENT = 'One row per date, run and chart: captured, gated, published, loaded, visible.'
AS
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
    ON CHARTS.CHART_ID = FRESHNESS.CHART_ID;
