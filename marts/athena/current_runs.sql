-- One row per date: its newest published run, which is the newest one that has a manifest.
-- A run writes its manifest after everything else, and a run id sorts by time. Days are taken from the
-- partition, so that a question about one day need not read the others.
CREATE OR REPLACE VIEW chartlake.current_runs AS
SELECT
    CAST(dt AS date) AS snapshot_date,
    MAX(run_id) AS run_id,
    MAX_BY(published_at, run_id) AS published_at
FROM chartlake_landing.load_manifest
GROUP BY dt;
