-- One row per chart, song and edition that it stands on, at its better rank; repeats have none.
CREATE OR REPLACE VIEW chartlake.song_trends AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.chart_id,
    landing.song_id,
    landing.track_id,
    landing.rank,
    landing.previous_rank,
    landing.rank_change,
    landing.peak_rank,
    landing.days_on_chart,
    landing.streak_days,
    landing.first_charted_on,
    landing.movement,
    landing.streams,
    landing.streams_change
FROM chartlake_landing.song_trends AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
