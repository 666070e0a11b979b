-- One row per chart, song and edition that no longer shows it.
CREATE OR REPLACE VIEW chartlake.chart_exits AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.chart_id,
    landing.song_id,
    landing.track_id,
    landing.last_rank,
    landing.peak_rank,
    landing.days_on_chart,
    landing.streak_days,
    landing.last_charted_on
FROM chartlake_landing.chart_exits AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
