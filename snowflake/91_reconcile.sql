-- Every hour: asks S3 again for what should have arrived and has not.
--
-- S3 tells Snowpipe of each new file, and now and then a message is lost, or a file came before the
-- pipe did. The task refreshes the manifests' pipe, and then the folders of OPS.LOAD_GAPS and no
-- others. A refresh reaches files of the last seven days and skips what is loaded; `chartlake reconcile`
-- says why a file is missing, which takes a look at the stage.
USE ROLE {{ prefix }}_OPERATOR;

CREATE OR REPLACE PROCEDURE {{ database }}.OPS.RECONCILE()
COPY GRANTS
RETURNS VARCHAR
LANGUAGE SQL
COMMENT = 'Refreshes the folders of runs that are incomplete; returns how many'
EXECUTE AS OWNER
AS
$$
DECLARE
    refreshed INTEGER DEFAULT 0;
    gaps CURSOR FOR
        SELECT REFRESH_STATEMENT
        FROM {{ database }}.OPS.LOAD_GAPS
        WHERE PUBLISHED_AT > DATEADD('day', -7, CURRENT_TIMESTAMP());
BEGIN
    ALTER PIPE {{ database }}.LANDING.LOAD_MANIFEST_PIPE REFRESH;
    FOR gap IN gaps DO
        LET refresh VARCHAR := gap.REFRESH_STATEMENT;
        EXECUTE IMMEDIATE :refresh;
        refreshed := refreshed + 1;
    END FOR;
    RETURN refreshed || IFF(refreshed = 1, ' folder', ' folders') || ' refreshed';
END
$$;

CREATE OR REPLACE TASK {{ database }}.OPS.RECONCILE_HOURLY
    SCHEDULE = 'USING CRON 20 * * * * UTC'
    USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = 'XSMALL'
    USER_TASK_TIMEOUT_MS = 600000
    SUSPEND_TASK_AFTER_NUM_FAILURES = 0
    ERROR_INTEGRATION = {{ prefix }}_ALARMS
    COMMENT = 'Refreshes the folders of runs that are incomplete; a failure goes to the alarm topic'
AS
    CALL {{ database }}.OPS.RECONCILE();

ALTER TASK {{ database }}.OPS.RECONCILE_HOURLY {{ watch }};
