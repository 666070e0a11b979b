-- What of each run has arrived, table by table, and which tables are still awaited.

-- Files are counted once however often they are loaded, and so is the moment: when they first came.
CREATE OR REPLACE VIEW {{ database }}.LANDING.RUN_TABLES (
    SNAPSHOT_DATE COMMENT 'Day of the chart, UTC',
    RUN_ID COMMENT 'Run of build_tables that wrote the row; sorts by time',
    TABLE_NAME COMMENT 'Table that the run wrote',
    ROWS_EXPECTED COMMENT 'Rows that the manifest promises; null until the manifest has arrived',
    ROWS_LOADED COMMENT 'Rows that have arrived, each counted once',
    PUBLISHED_AT COMMENT 'When the run began to publish; null until the manifest has arrived',
    LOADED_AT COMMENT 'When the newest file of the table was first loaded; null where there is none'
)
COPY GRANTS
COMMENT = 'One row per date, run and table of which the manifest or a row has arrived.'
AS
WITH PROMISED AS (
    SELECT DISTINCT
        SNAPSHOT_DATE,
        RUN_ID,
        TABLE_NAME,
        ROW_COUNT,
        PUBLISHED_AT
    FROM {{ database }}.LANDING.LOAD_MANIFEST
),

FILES AS (
    {% for table in [
        'CHART_SNAPSHOTS', 'CHART_ENTRIES', 'TRACKS', 'ALBUMS', 'ARTISTS', 'TRACK_ARTISTS',
        'SONG_TRENDS', 'CHART_EXITS', 'ARTIST_TRENDS', 'CHART_SUMMARY',
        'QUARANTINE', 'QUALITY_RESULTS',
    ] %}
    SELECT
        '{{ table | lower }}' AS TABLE_NAME,
        SNAPSHOT_DATE,
        RUN_ID,
        SRC_FILE,
        COUNT(DISTINCT SRC_ROW) AS ROWS_LOADED,
        MIN(LOADED_AT) AS LOADED_AT
    FROM {{ database }}.LANDING.{{ table }}
    GROUP BY SNAPSHOT_DATE, RUN_ID, SRC_FILE
    {% if not loop.last %}UNION ALL{% endif %}
    {% endfor %}
),

ARRIVED AS (
    SELECT
        SNAPSHOT_DATE,
        RUN_ID,
        TABLE_NAME,
        SUM(ROWS_LOADED)::NUMBER(38, 0) AS ROWS_LOADED,
        MAX(LOADED_AT) AS LOADED_AT
    FROM FILES
    GROUP BY SNAPSHOT_DATE, RUN_ID, TABLE_NAME
)

SELECT
    COALESCE(PROMISED.SNAPSHOT_DATE, ARRIVED.SNAPSHOT_DATE) AS SNAPSHOT_DATE,
    COALESCE(PROMISED.RUN_ID, ARRIVED.RUN_ID) AS RUN_ID,
    COALESCE(PROMISED.TABLE_NAME, ARRIVED.TABLE_NAME) AS TABLE_NAME,
    PROMISED.ROW_COUNT AS ROWS_EXPECTED,
    COALESCE(ARRIVED.ROWS_LOADED, 0) AS ROWS_LOADED,
    PROMISED.PUBLISHED_AT,
    ARRIVED.LOADED_AT
FROM PROMISED
FULL OUTER JOIN ARRIVED
    ON
        PROMISED.SNAPSHOT_DATE = ARRIVED.SNAPSHOT_DATE
        AND PROMISED.RUN_ID = ARRIVED.RUN_ID
        AND PROMISED.TABLE_NAME = ARRIVED.TABLE_NAME;

CREATE OR REPLACE VIEW {{ database }}.LANDING.INCOMPLETE_RUNS (
    SNAPSHOT_DATE COMMENT 'Day of the chart, UTC',
    RUN_ID COMMENT 'Run of build_tables that wrote the row; sorts by time',
    TABLE_NAME COMMENT 'Table that the run wrote',
    ROWS_EXPECTED COMMENT 'Rows that the manifest promises',
    ROWS_LOADED COMMENT 'Rows that have arrived, each counted once',
    PUBLISHED_AT COMMENT 'When the run began to publish',
    IS_AWAITED COMMENT 'True where the run is newer than the one that readers see: it keeps the old one up'
)
COPY GRANTS
COMMENT = 'One row per date, run and table that has not arrived whole though its manifest has.'
AS
SELECT
    TABLES.SNAPSHOT_DATE,
    TABLES.RUN_ID,
    TABLES.TABLE_NAME,
    TABLES.ROWS_EXPECTED,
    TABLES.ROWS_LOADED,
    TABLES.PUBLISHED_AT,
    CURRENT_RUNS.RUN_ID IS NULL OR TABLES.RUN_ID > CURRENT_RUNS.RUN_ID AS IS_AWAITED
FROM {{ database }}.LANDING.RUN_TABLES AS TABLES
LEFT JOIN {{ database }}.LANDING.CURRENT_RUNS AS CURRENT_RUNS
    ON TABLES.SNAPSHOT_DATE = CURRENT_RUNS.SNAPSHOT_DATE
WHERE TABLES.ROWS_EXPECTED <> TABLES.ROWS_LOADED;
