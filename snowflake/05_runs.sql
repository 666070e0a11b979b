-- Which run of each date may be read: the newest one whose rows have all arrived.
--
-- Files arrive one by one and in any order, the manifest included. Rows are counted, not files,
-- because a file may be loaded twice and Snowpipe may commit one load in parts.
USE ROLE {{ prefix }}_TRANSFORMER;

CREATE OR REPLACE VIEW {{ database }}.LANDING.RUN_TABLES
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
),

ARRIVED AS (
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
        COUNT(DISTINCT SRC_FILE, SRC_ROW) AS ROWS_LOADED
    FROM {{ database }}.LANDING.{{ table }}
    GROUP BY SNAPSHOT_DATE, RUN_ID
    {% endfor %}
)

SELECT
    PROMISED.SNAPSHOT_DATE,
    PROMISED.RUN_ID,
    PROMISED.TABLE_NAME,
    PROMISED.PUBLISHED_AT,
    PROMISED.ROW_COUNT AS ROWS_EXPECTED,
    COALESCE(ARRIVED.ROWS_LOADED, 0) AS ROWS_LOADED
FROM PROMISED
LEFT JOIN ARRIVED
    ON
        PROMISED.SNAPSHOT_DATE = ARRIVED.SNAPSHOT_DATE
        AND PROMISED.RUN_ID = ARRIVED.RUN_ID
        AND PROMISED.TABLE_NAME = ARRIVED.TABLE_NAME;

CREATE OR REPLACE VIEW {{ database }}.LANDING.RUNS
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

CREATE OR REPLACE VIEW {{ database }}.LANDING.CURRENT_RUNS
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
