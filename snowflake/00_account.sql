-- What stands outside the database: roles, the warehouse and its limit, the two ways into AWS.
--
-- The one file that needs ACCOUNTADMIN. Replacing an integration would break the trust between it
-- and AWS: IF NOT EXISTS, for ever. What may change later is set again below its definition.
USE ROLE ACCOUNTADMIN;

CREATE ROLE IF NOT EXISTS {{ prefix }}_LOADER
COMMENT = 'Owns the stage, the landing tables and the pipes';

CREATE ROLE IF NOT EXISTS {{ prefix }}_TRANSFORMER
COMMENT = 'Reads what landed; owns the views of LANDING, CORE and MARTS';

CREATE ROLE IF NOT EXISTS {{ prefix }}_OPERATOR
COMMENT = 'Watches and repairs without admin rights: reads everything, refreshes pipes, owns OPS';

CREATE ROLE IF NOT EXISTS {{ prefix }}_ANALYST
COMMENT = 'Reads CORE and MARTS';

GRANT ROLE {{ prefix }}_LOADER TO ROLE SYSADMIN;
GRANT ROLE {{ prefix }}_TRANSFORMER TO ROLE SYSADMIN;
GRANT ROLE {{ prefix }}_OPERATOR TO ROLE SYSADMIN;
GRANT ROLE {{ prefix }}_ANALYST TO ROLE SYSADMIN;

-- Notified at 80 %, no new query at 100 %, running ones ended at 110 %. It limits the warehouse
-- alone: pipes, the task and the alerts are serverless and no resource monitor sees them.
CREATE RESOURCE MONITOR IF NOT EXISTS {{ prefix }}_MONITOR
WITH CREDIT_QUOTA = {{ credit_quota }}
FREQUENCY = MONTHLY
START_TIMESTAMP = IMMEDIATELY
TRIGGERS
ON 80 PERCENT DO NOTIFY
ON 100 PERCENT DO SUSPEND
ON 110 PERCENT DO SUSPEND_IMMEDIATE;

ALTER RESOURCE MONITOR {{ prefix }}_MONITOR SET CREDIT_QUOTA = {{ credit_quota }};

CREATE WAREHOUSE IF NOT EXISTS {{ prefix }}_WH
WAREHOUSE_SIZE = {{ warehouse_size }}
AUTO_SUSPEND = {{ auto_suspend_seconds }}
AUTO_RESUME = TRUE
INITIALLY_SUSPENDED = TRUE
COMMENT = 'Worksheets and reconciliation; pipes, the task and the alerts need none';

ALTER WAREHOUSE {{ prefix }}_WH SET
WAREHOUSE_SIZE = {{ warehouse_size }}
AUTO_SUSPEND = {{ auto_suspend_seconds }}
RESOURCE_MONITOR = {{ prefix }}_MONITOR
STATEMENT_TIMEOUT_IN_SECONDS = 900;

GRANT USAGE ON WAREHOUSE {{ prefix }}_WH TO ROLE {{ prefix }}_LOADER;
GRANT USAGE ON WAREHOUSE {{ prefix }}_WH TO ROLE {{ prefix }}_TRANSFORMER;
GRANT USAGE ON WAREHOUSE {{ prefix }}_WH TO ROLE {{ prefix }}_ANALYST;
GRANT USAGE, MONITOR ON WAREHOUSE {{ prefix }}_WH TO ROLE {{ prefix }}_OPERATOR;

CREATE STORAGE INTEGRATION IF NOT EXISTS {{ prefix }}_S3
TYPE = EXTERNAL_STAGE
STORAGE_PROVIDER = 'S3'
ENABLED = TRUE
STORAGE_AWS_ROLE_ARN = '{{ storage_role_arn }}'
STORAGE_ALLOWED_LOCATIONS = ('s3://{{ bucket }}/curated/')
COMMENT = 'Reads the curated lake';

GRANT USAGE ON INTEGRATION {{ prefix }}_S3 TO ROLE {{ prefix }}_LOADER;

CREATE NOTIFICATION INTEGRATION IF NOT EXISTS {{ prefix }}_ALARMS
ENABLED = TRUE
TYPE = QUEUE
DIRECTION = OUTBOUND
NOTIFICATION_PROVIDER = AWS_SNS
AWS_SNS_TOPIC_ARN = '{{ alarm_topic_arn }}'
AWS_SNS_ROLE_ARN = '{{ alarm_role_arn }}'
COMMENT = 'Pipe errors and alerts, to the topic of the alarms in AWS';

GRANT USAGE ON INTEGRATION {{ prefix }}_ALARMS TO ROLE {{ prefix }}_LOADER;
GRANT USAGE ON INTEGRATION {{ prefix }}_ALARMS TO ROLE {{ prefix }}_OPERATOR;

GRANT EXECUTE TASK ON ACCOUNT TO ROLE {{ prefix }}_OPERATOR;
GRANT EXECUTE MANAGED TASK ON ACCOUNT TO ROLE {{ prefix }}_OPERATOR;
GRANT EXECUTE ALERT ON ACCOUNT TO ROLE {{ prefix }}_OPERATOR;

-- Last, because sqlfluff does not know these two and reads no further. The external id is of our
-- choosing, so that the role in AWS can ask for it before Snowflake has made one up.
GRANT EXECUTE MANAGED ALERT ON ACCOUNT TO ROLE {{ prefix }}_OPERATOR; -- noqa: PRS
ALTER STORAGE INTEGRATION {{ prefix }}_S3 SET STORAGE_AWS_EXTERNAL_ID = '{{ storage_external_id }}';
