-- One table per curated table: the contract's columns in its order, then where the row came from.
--
-- Nothing is NOT NULL here: landing takes what arrives, the job's quality gate has judged it, and a
-- constraint would make Snowpipe refuse a whole file and leave a run incomplete silently.
-- Instants are TIMESTAMP_LTZ, which keeps the instant alone and shows it in the reader's time zone.
-- TIMESTAMP_TZ would freeze the loading session's offset into every row.
USE ROLE {{ prefix }}_LOADER;
<% for table in tables %>

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.<< table.name | upper >> (
<% for column in table.columns %>
    << column.name | upper >> << column.type | snowflake >> COMMENT << column.description | quoted >>,
<% endfor %>
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = << table.grain | quoted >>;
<% endfor %>

-- Columns that are newer than their tables, for warehouses that have the tables already.
<% for table in tables %>
<% for column in table.columns if column.is_added %>

ALTER TABLE {{ database }}.LANDING.<< table.name | upper >>
ADD COLUMN IF NOT EXISTS << column.name | upper >> << column.type | snowflake >> COMMENT << column.description | quoted >>;
<% endfor %>
<% endfor %>
