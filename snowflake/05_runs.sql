-- Which run of each date may be read: the newest one whose rows have all arrived.
--
-- Files arrive one by one and in any order, the manifest included. Rows are counted, not files,
-- because a file may be loaded twice and Snowpipe may commit one load in parts.
USE ROLE {{ prefix }}_TRANSFORMER;

-- A row of a file counts once however often the file is loaded, and so does the moment: the first one.
CREATE OR REPLACE VIEW {{ database }}.LANDING.ARRIVALS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
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
        'SONG_TRENDS', 'CHART_EXITS', 'ARTIST_TRENDS', 'CHART_SUMMARY', 'QUARANTINE',
        'QUALITY_RESULTS',
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

CREATE OR REPLACE VIEW {{ database }}.LANDING.RUN_TABLES (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    RUN_ID COMMENT 'Run of build_tables that wrote the row; sorts by time',
    TABLE_NAME COMMENT 'Table that the run wrote',
    PUBLISHED_AT COMMENT 'When the run began to publish',
    ROWS_EXPECTED COMMENT 'Rows that the manifest promises',
    ROWS_LOADED COMMENT 'Rows that have arrived, each counted once'
)
COPY GRANTS
COMMENT = 'One row per date, run and table that a manifest names: what it promised, what has arrived.'
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
    PROMISED.PUBLISHED_AT,
    PROMISED.ROW_COUNT AS ROWS_EXPECTED,
    COALESCE(ARRIVALS.ROWS_LOADED, 0) AS ROWS_LOADED
FROM PROMISED
LEFT JOIN {{ database }}.LANDING.ARRIVALS AS ARRIVALS
    ON
        PROMISED.SNAPSHOT_DATE = ARRIVALS.SNAPSHOT_DATE
        AND PROMISED.RUN_ID = ARRIVALS.RUN_ID
        AND PROMISED.TABLE_NAME = ARRIVALS.TABLE_NAME;

CREATE OR REPLACE VIEW {{ database }}.LANDING.RUNS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    RUN_ID COMMENT 'Run of build_tables that wrote the row; sorts by time',
    PUBLISHED_AT COMMENT 'When the run began to publish',
    TABLES COMMENT 'Tables that the manifest names',
    ROWS_EXPECTED COMMENT 'Rows that the manifest promises, of all tables',
    ROWS_LOADED COMMENT 'Rows of them that have arrived, each counted once',
    IS_COMPLETE COMMENT 'True where each table has as many rows as the manifest promises'
)
COPY GRANTS
COMMENT = 'One row per date and run that has a manifest: what it promised, what has arrived.'
AS
SELECT
    SNAPSHOT_DATE,
    RUN_ID,
    MIN(PUBLISHED_AT) AS PUBLISHED_AT,
    COUNT(*) AS TABLES,
    SUM(ROWS_EXPECTED)::NUMBER(38, 0) AS ROWS_EXPECTED,
    SUM(ROWS_LOADED)::NUMBER(38, 0) AS ROWS_LOADED,
    BOOLAND_AGG(ROWS_EXPECTED = ROWS_LOADED) AS IS_COMPLETE
FROM {{ database }}.LANDING.RUN_TABLES
GROUP BY SNAPSHOT_DATE, RUN_ID;

CREATE OR REPLACE VIEW {{ database }}.LANDING.CURRENT_RUNS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    RUN_ID COMMENT 'Run that readers see',
    PUBLISHED_AT COMMENT 'When the run began to publish'
)
COPY GRANTS
COMMENT = 'One row per date: its newest complete run. A run id sorts by time.'
AS
SELECT
    SNAPSHOT_DATE,
    RUN_ID,
    PUBLISHED_AT
FROM {{ database }}.LANDING.RUNS
WHERE IS_COMPLETE
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE ORDER BY RUN_ID DESC) = 1;

CREATE OR REPLACE VIEW {{ database }}.LANDING.INCOMPLETE_RUNS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
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
    RUN_TABLES.SNAPSHOT_DATE,
    RUN_TABLES.RUN_ID,
    RUN_TABLES.TABLE_NAME,
    RUN_TABLES.ROWS_EXPECTED,
    RUN_TABLES.ROWS_LOADED,
    RUN_TABLES.PUBLISHED_AT,
    CURRENT_RUNS.RUN_ID IS NULL OR RUN_TABLES.RUN_ID > CURRENT_RUNS.RUN_ID AS IS_AWAITED
FROM {{ database }}.LANDING.RUN_TABLES AS RUN_TABLES
LEFT JOIN {{ database }}.LANDING.CURRENT_RUNS AS CURRENT_RUNS
    ON RUN_TABLES.SNAPSHOT_DATE = CURRENT_RUNS.SNAPSHOT_DATE
WHERE RUN_TABLES.ROWS_EXPECTED <> RUN_TABLES.ROWS_LOADED;
