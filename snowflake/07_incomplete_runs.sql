-- What of each run has arrived, table by table, and which tables are still awaited.

-- A row of a file counts once however often the file is loaded, and so does the moment: the first one.
CREATE OR REPLACE VIEW {{ database }}.LANDING.ARRIVALS (
    SNAPSHOT_DATE COMMENT 'Day of the chart, UTC',
    RUN_ID COMMENT 'Run of build_tables that wrote the row; sorts by time',
    TABLE_NAME COMMENT 'Table that the run wrote',
    ROWS_LOADED COMMENT 'Rows that have arrived, each counted once',
    LOADED_AT COMMENT 'When the newest of its files was first loaded'
)
COPY GRANTS
COMMENT = 'One row per date, run and table of which a row has arrived, with its manifest or without.'
AS
WITH FILES AS (
    {% for table in [
        'CHART_SNAPSHOTS', 'CHART_ENTRIES', 'TRACKS', 'ALBUMS', 'ARTISTS', 'TRACK_ARTISTS',
        'SONG_TRENDS', 'CHART_EXITS', 'ARTIST_TRENDS', 'CHART_SUMMARY',
        'QUARANTINE', 'QUALITY_RESULTS',
    ] %}
    {#- `snow sql` knows no loop.first #}
    {% if table != 'CHART_SNAPSHOTS' %}UNION ALL{% endif %}
    SELECT
        '{{ table | lower }}' AS TABLE_NAME,
        SNAPSHOT_DATE,
        RUN_ID,
        SRC_FILE,
        COUNT(DISTINCT SRC_ROW) AS ROWS_LOADED,
        MIN(LOADED_AT) AS LOADED_AT
    FROM {{ database }}.LANDING.{{ table }}
    GROUP BY SNAPSHOT_DATE, RUN_ID, SRC_FILE
    {% endfor %}
)

SELECT
    SNAPSHOT_DATE,
    RUN_ID,
    TABLE_NAME,
    SUM(ROWS_LOADED)::NUMBER(38, 0) AS ROWS_LOADED,
    MAX(LOADED_AT) AS LOADED_AT
FROM FILES
GROUP BY SNAPSHOT_DATE, RUN_ID, TABLE_NAME;

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
WITH PROMISED AS (
    SELECT DISTINCT
        SNAPSHOT_DATE,
        RUN_ID,
        TABLE_NAME,
        ROW_COUNT,
        PUBLISHED_AT
    FROM {{ database }}.LANDING.LOAD_MANIFEST
)

SELECT
    PROMISED.SNAPSHOT_DATE,
    PROMISED.RUN_ID,
    PROMISED.TABLE_NAME,
    PROMISED.ROW_COUNT AS ROWS_EXPECTED,
    COALESCE(ARRIVALS.ROWS_LOADED, 0) AS ROWS_LOADED,
    PROMISED.PUBLISHED_AT,
    CURRENT_RUNS.RUN_ID IS NULL OR PROMISED.RUN_ID > CURRENT_RUNS.RUN_ID AS IS_AWAITED
FROM PROMISED
LEFT JOIN {{ database }}.LANDING.ARRIVALS AS ARRIVALS
    ON
        PROMISED.SNAPSHOT_DATE = ARRIVALS.SNAPSHOT_DATE
        AND PROMISED.RUN_ID = ARRIVALS.RUN_ID
        AND PROMISED.TABLE_NAME = ARRIVALS.TABLE_NAME
LEFT JOIN {{ database }}.LANDING.CURRENT_RUNS AS CURRENT_RUNS
    ON PROMISED.SNAPSHOT_DATE = CURRENT_RUNS.SNAPSHOT_DATE
WHERE PROMISED.ROW_COUNT <> COALESCE(ARRIVALS.ROWS_LOADED, 0);
