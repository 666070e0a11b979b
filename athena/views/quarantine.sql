-- One row per rejected raw file or record.
CREATE OR REPLACE VIEW chartlake.quarantine AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.chart_id,
    landing.source_file,
    landing.position,
    landing.reason,
    landing.record
FROM chartlake_landing.quarantine AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
