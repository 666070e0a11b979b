-- One row per chart, credited artist and edition with a song of theirs.
CREATE OR REPLACE VIEW chartlake.artist_trends AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.chart_id,
    landing.artist_id,
    landing.songs,
    landing.best_rank,
    landing.chart_points,
    landing.points_share,
    landing.streams,
    landing.songs_change,
    landing.points_share_change,
    landing.streams_change
FROM chartlake_landing.artist_trends AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
