-- One database, three levels: what arrives, what is current, what people read.
CREATE DATABASE IF NOT EXISTS {{ database }}
COMMENT = 'Spotify charts: what climbed, what debuted, who owns the chart';

CREATE SCHEMA IF NOT EXISTS {{ database }}.LANDING
COMMENT = 'Every row of every run, as it arrived, and which run of each date is complete';

CREATE SCHEMA IF NOT EXISTS {{ database }}.CORE
COMMENT = 'The curated tables: the newest complete run of each date';

CREATE SCHEMA IF NOT EXISTS {{ database }}.MARTS
COMMENT = 'What a worksheet opens: names joined in, one view per question';
