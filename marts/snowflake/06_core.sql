-- What is current: each curated table, with the rows of the newest complete run of each date alone.
--
-- A row is the file and line that it came from, so a file that was loaded twice counts once. The
-- date stands in the partition too, so that a question about one day reads one day.
USE ROLE {{ prefix }}_TRANSFORMER;
<% for table in tables if table is not sameas load_manifest %>

CREATE OR REPLACE VIEW {{ database }}.CORE.<< table.name | upper >> (
<% for column in table.columns if column.name != "run_id" %>
    << column.name | upper >> COMMENT << column.description | quoted >><< "," if not loop.last >>
<% endfor %>
)
COPY GRANTS
COMMENT = << table.grain | quoted >>
AS
SELECT
<% for column in table.columns if column.name != "run_id" %>
    << column.name | upper >><< "," if not loop.last >>
<% endfor %>
FROM {{ database }}.LANDING.<< table.name | upper >>
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;
<% endfor %>
