-- One row per artist and date seen on any chart.
CREATE OR REPLACE VIEW chartlake.artists AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.artist_id,
    landing.name,
    landing.url,
    landing.followers,
    landing.popularity,
    landing.genres
FROM chartlake_landing.artists AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
