-- << table.grain >>
CREATE OR REPLACE VIEW chartlake.<< table.name >> AS
SELECT
<% for column in table.columns if column.name != "run_id" %>
<% if column.name == "snapshot_date" %>
    CAST(landing.dt AS date) AS snapshot_date<< "," if not loop.last >>
<% else %>
    landing.<< column.name >><< "," if not loop.last >>
<% endif %>
<% endfor %>
FROM chartlake_landing.<< table.name >> AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
