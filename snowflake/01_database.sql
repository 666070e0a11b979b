-- One database, four levels: what arrives, what is current, what people read, what watches over it.
--
-- Schemas have managed access: SYSADMIN, who owns them, gives every right in them, and the owner of
-- a table cannot give it away. Each right is given on what is there and on what will come, so that
-- a new table or view needs no further word.
USE ROLE SYSADMIN;

CREATE DATABASE IF NOT EXISTS {{ database }}
COMMENT = 'Spotify charts: what climbed, what debuted, who owns the chart';

GRANT USAGE ON DATABASE {{ database }} TO ROLE {{ prefix }}_LOADER;
GRANT USAGE ON DATABASE {{ database }} TO ROLE {{ prefix }}_TRANSFORMER;
GRANT USAGE ON DATABASE {{ database }} TO ROLE {{ prefix }}_OPERATOR;
GRANT USAGE ON DATABASE {{ database }} TO ROLE {{ prefix }}_ANALYST;

CREATE SCHEMA IF NOT EXISTS {{ database }}.LANDING
WITH MANAGED ACCESS
COMMENT = 'Every row of every run, as it arrived, and which run of each date is complete';

GRANT USAGE, CREATE TABLE, CREATE STAGE, CREATE FILE FORMAT, CREATE PIPE
ON SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_LOADER;
GRANT USAGE, CREATE VIEW ON SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_TRANSFORMER;
GRANT USAGE ON SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_OPERATOR;
{% for reader in ['TRANSFORMER', 'OPERATOR'] %}
GRANT SELECT ON ALL TABLES IN SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_{{ reader }};
GRANT SELECT ON FUTURE TABLES IN SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_{{ reader }};
{% endfor %}
GRANT SELECT ON ALL VIEWS IN SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_OPERATOR;
GRANT SELECT ON FUTURE VIEWS IN SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_OPERATOR;
GRANT USAGE ON ALL STAGES IN SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_OPERATOR;
GRANT USAGE ON FUTURE STAGES IN SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_OPERATOR;
GRANT MONITOR, OPERATE ON ALL PIPES IN SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_OPERATOR;
GRANT MONITOR, OPERATE ON FUTURE PIPES IN SCHEMA {{ database }}.LANDING TO ROLE {{ prefix }}_OPERATOR;

CREATE SCHEMA IF NOT EXISTS {{ database }}.CORE
WITH MANAGED ACCESS
COMMENT = 'The curated tables: the newest complete run of each date';

CREATE SCHEMA IF NOT EXISTS {{ database }}.MARTS
WITH MANAGED ACCESS
COMMENT = 'What a worksheet opens: names joined in, one view per question';
{% for schema in ['CORE', 'MARTS'] %}
GRANT USAGE, CREATE VIEW ON SCHEMA {{ database }}.{{ schema }} TO ROLE {{ prefix }}_TRANSFORMER;
{% for reader in ['OPERATOR', 'ANALYST'] %}
GRANT USAGE ON SCHEMA {{ database }}.{{ schema }} TO ROLE {{ prefix }}_{{ reader }};
GRANT SELECT ON ALL VIEWS IN SCHEMA {{ database }}.{{ schema }} TO ROLE {{ prefix }}_{{ reader }};
GRANT SELECT ON FUTURE VIEWS IN SCHEMA {{ database }}.{{ schema }} TO ROLE {{ prefix }}_{{ reader }};
{% endfor %}
{% endfor %}
CREATE SCHEMA IF NOT EXISTS {{ database }}.OPS
WITH MANAGED ACCESS
COMMENT = 'What is late, stuck or missing, and what tells and repairs it';

GRANT USAGE, CREATE VIEW, CREATE PROCEDURE, CREATE TASK
ON SCHEMA {{ database }}.OPS TO ROLE {{ prefix }}_OPERATOR;

-- Last, because sqlfluff does not know the right and reads no further.
GRANT CREATE ALERT ON SCHEMA {{ database }}.OPS TO ROLE {{ prefix }}_OPERATOR; -- noqa: PRS
