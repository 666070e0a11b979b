-- One row per chart, date and rank.
CREATE OR REPLACE VIEW chartlake.chart_entries AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.chart_id,
    landing.rank,
    landing.track_id,
    landing.song_id,
    landing.song_key,
    landing.streams,
    landing.popularity,
    landing.added_at
FROM chartlake_landing.chart_entries AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
