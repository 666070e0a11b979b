-- One row per chart and edition.
CREATE OR REPLACE VIEW chartlake.chart_summary AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.chart_id,
    landing.entries,
    landing.debuts,
    landing.re_entries,
    landing.exits,
    landing.turnover,
    landing.median_duration_ms,
    landing.explicit_share,
    landing.median_release_age_days,
    landing.artist_concentration
FROM chartlake_landing.chart_summary AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
