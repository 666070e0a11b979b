-- One row per track and date seen on any chart.
CREATE OR REPLACE VIEW chartlake.tracks AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.track_id,
    landing.song_id,
    landing.name,
    landing.duration_ms,
    landing.explicit,
    landing.isrc,
    landing.popularity,
    landing.url,
    landing.album_id
FROM chartlake_landing.tracks AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
