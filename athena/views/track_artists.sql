-- One row per track, credited artist and date seen on any chart.
CREATE OR REPLACE VIEW chartlake.track_artists AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.track_id,
    landing.artist_id,
    landing.position
FROM chartlake_landing.track_artists AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
