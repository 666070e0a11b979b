-- Tells people, at the topic of the alarms in AWS. Pipe errors go there by themselves: each pipe
-- has an ERROR_INTEGRATION. An alert without a warehouse is serverless and costs the seconds that
-- it runs; in a warehouse each would cost a minute at least.
USE ROLE {{ prefix }}_OPERATOR;

CREATE OR REPLACE PROCEDURE {{ database }}.OPS.TELL(ALARM VARCHAR, WHAT VARCHAR)
COPY GRANTS
RETURNS VARCHAR
LANGUAGE SQL
COMMENT = 'Sends an alarm to the topic as JSON; returns what was sent'
EXECUTE AS OWNER
AS
$$
DECLARE
    message VARCHAR;
BEGIN
    message := TO_JSON(OBJECT_CONSTRUCT(
        'source', 'Snowflake', 'database', '{{ database }}', 'alarm', ALARM, 'what', WHAT
    ));
    CALL SYSTEM$SEND_SNOWFLAKE_NOTIFICATION(
        SNOWFLAKE.NOTIFICATION.APPLICATION_JSON(:message),
        SNOWFLAKE.NOTIFICATION.INTEGRATION('{{ prefix }}_ALARMS')
    );
    RETURN message;
END
$$;

-- Once a day, at noon UTC: a late chart is late all day.
CREATE OR REPLACE ALERT {{ database }}.OPS.CHARTS_ARE_LATE
    SCHEDULE = 'USING CRON 0 12 * * * UTC'
    COMMENT = 'Tells when the newest day or edition of a chart is older than its cadence allows'
IF (EXISTS (SELECT CHART_ID FROM {{ database }}.OPS.LATE_CHARTS))
THEN
    CALL {{ database }}.OPS.TELL(
        'Charts are late: see OPS.LATE_CHARTS',
        (SELECT LISTAGG(REASON, '; ') FROM {{ database }}.OPS.LATE_CHARTS)
    );

ALTER ALERT {{ database }}.OPS.CHARTS_ARE_LATE {{ watch }};

-- Half an hour after the task had its try at it.
CREATE OR REPLACE ALERT {{ database }}.OPS.RUNS_ARE_STUCK
    SCHEDULE = 'USING CRON 50 * * * * UTC'
    COMMENT = 'Tells when a newer run is still incomplete after an hour'
IF (EXISTS (SELECT RUN_ID FROM {{ database }}.OPS.STUCK_RUNS))
THEN
    CALL {{ database }}.OPS.TELL(
        'A newer run is incomplete, the older one stays visible: run chartlake reconcile',
        (SELECT LISTAGG(REASON, '; ') FROM {{ database }}.OPS.STUCK_RUNS)
    );

ALTER ALERT {{ database }}.OPS.RUNS_ARE_STUCK {{ watch }};
