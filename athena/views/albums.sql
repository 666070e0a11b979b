-- One row per album and date seen on any chart.
CREATE OR REPLACE VIEW chartlake.albums AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.album_id,
    landing.name,
    landing.album_type,
    landing.release_date,
    landing.release_date_precision,
    landing.total_tracks,
    landing.label,
    landing.url,
    landing.image_url
FROM chartlake_landing.albums AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
