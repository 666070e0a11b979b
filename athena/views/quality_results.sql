-- One row per chart, date and rule.
CREATE OR REPLACE VIEW chartlake.quality_results AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.chart_id,
    landing.rule,
    landing.observed,
    landing.limit_value,
    landing.passed
FROM chartlake_landing.quality_results AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
