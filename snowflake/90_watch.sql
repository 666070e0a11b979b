-- What is wrong now: views that are empty while all is well. The alerts and the task read them, and
-- so can you. Ages are counted in UTC.
USE ROLE {{ prefix }}_OPERATOR;

-- A chart may miss a day before anyone is alerted: it is captured once a day, and its edition of today
-- may come this evening. One that was not captured for 30 days has been taken out of charts.toml. A
-- chart that is not expected to change may show the same edition for ever.
CREATE OR REPLACE VIEW {{ database }}.OPS.LATE_CHARTS (
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    CAPTURED_ON COMMENT 'Newest day that readers see of the chart',
    EDITION_DATE COMMENT 'Newest edition: earlier than CAPTURED_ON where that day repeats it',
    REASON COMMENT 'What is late, in a sentence'
)
COPY GRANTS
COMMENT = 'One row per chart whose newest day or edition is older than its cadence allows.'
AS
WITH NEWEST AS (
    SELECT
        CHART_ID,
        CADENCE,
        MAX(SNAPSHOT_DATE) OVER (PARTITION BY CHART_ID) AS CAPTURED_ON,
        MAX(IFF(IS_REPEAT, NULL, SNAPSHOT_DATE)) OVER (PARTITION BY CHART_ID) AS EDITION_DATE,
        IFF(CADENCE = 'weekly', 8, 1) AS CAPTURE_DAYS,
        IFF(CADENCE = 'weekly', 8, 3) AS EDITION_DAYS,
        COALESCE(EXPECTS_CHANGE, TRUE) AS EXPECTS_CHANGE
    FROM {{ database }}.CORE.CHART_SNAPSHOTS
    QUALIFY ROW_NUMBER() OVER (PARTITION BY CHART_ID ORDER BY SNAPSHOT_DATE DESC) = 1
),

AGES AS (
    SELECT
        *,
        DATEDIFF('day', CAPTURED_ON, SYSDATE()::DATE) AS CAPTURE_AGE,
        DATEDIFF('day', EDITION_DATE, SYSDATE()::DATE) AS EDITION_AGE
    FROM NEWEST
)

SELECT
    CHART_ID,
    CADENCE,
    CAPTURED_ON,
    EDITION_DATE,
    CASE
        WHEN CAPTURE_AGE > CAPTURE_DAYS
            THEN CHART_ID || ': no day since ' || TO_CHAR(CAPTURED_ON, 'YYYY-MM-DD')
        ELSE CHART_ID || ': captured, but still shows the edition of ' || TO_CHAR(EDITION_DATE, 'YYYY-MM-DD')
    END AS REASON
FROM AGES
WHERE
    (CAPTURE_AGE > CAPTURE_DAYS OR (EXPECTS_CHANGE AND EDITION_AGE > EDITION_DAYS))
    AND CAPTURE_AGE <= 30;

-- A run that a newer complete one has replaced is nobody's concern any more. The table and the run id
-- become parts of a statement, so nothing but a name and a run id may pass.
CREATE OR REPLACE VIEW {{ database }}.OPS.LOAD_GAPS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    RUN_ID COMMENT 'Run of build_tables that wrote the row; sorts by time',
    TABLE_NAME COMMENT 'Table that the run wrote',
    PUBLISHED_AT COMMENT 'When the run began to publish',
    ROWS_EXPECTED COMMENT 'Rows that the manifest promises',
    ROWS_LOADED COMMENT 'Rows that have arrived, each counted once',
    REFRESH_STATEMENT COMMENT 'What has the pipe look into this one folder again'
)
COPY GRANTS
COMMENT = 'One row per date, run and table with rows missing, and what refreshes just its files.'
AS
SELECT
    SNAPSHOT_DATE,
    RUN_ID,
    TABLE_NAME,
    PUBLISHED_AT,
    ROWS_EXPECTED,
    ROWS_LOADED,
    'ALTER PIPE {{ database }}.LANDING.' || UPPER(TABLE_NAME) || '_PIPE REFRESH PREFIX = ''dt='
    || TO_CHAR(SNAPSHOT_DATE, 'YYYY-MM-DD') || '/run=' || RUN_ID || '/''' AS REFRESH_STATEMENT
FROM {{ database }}.LANDING.INCOMPLETE_RUNS
WHERE IS_AWAITED AND RUN_ID RLIKE '^[0-9A-Za-z-]+$' AND TABLE_NAME RLIKE '^[a-z_]+$';

CREATE OR REPLACE VIEW {{ database }}.OPS.STUCK_RUNS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    RUN_ID COMMENT 'Run of build_tables that wrote the row; sorts by time',
    PUBLISHED_AT COMMENT 'When the run began to publish',
    REASON COMMENT 'Which tables lack how many rows'
)
COPY GRANTS
COMMENT = 'One row per date and run that is newer than the current one and incomplete after an hour.'
AS
SELECT
    SNAPSHOT_DATE,
    RUN_ID,
    PUBLISHED_AT,
    TO_CHAR(SNAPSHOT_DATE, 'YYYY-MM-DD') || ' run ' || RUN_ID || ': '
    || LISTAGG(TABLE_NAME || ' ' || ROWS_LOADED::VARCHAR || ' of ' || ROWS_EXPECTED::VARCHAR, ', ')
    WITHIN GROUP (ORDER BY TABLE_NAME) AS REASON
FROM {{ database }}.OPS.LOAD_GAPS
WHERE PUBLISHED_AT < DATEADD('hour', -1, CURRENT_TIMESTAMP())
GROUP BY SNAPSHOT_DATE, RUN_ID, PUBLISHED_AT;
