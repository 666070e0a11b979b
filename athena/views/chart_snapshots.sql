-- One row per chart and date: the last capture of that day.
CREATE OR REPLACE VIEW chartlake.chart_snapshots AS
SELECT
    CAST(landing.dt AS date) AS snapshot_date,
    landing.chart_id,
    landing.chart_name,
    landing.market,
    landing.cadence,
    landing.source,
    landing.expects_change,
    landing.days_behind,
    landing.captured_at,
    landing.refreshed_at,
    landing.spotify_snapshot_id,
    landing.entries,
    landing.null_entries,
    landing.local_entries,
    landing.episode_entries,
    landing.rejected_entries,
    landing.edition_hash,
    landing.is_repeat,
    landing.source_file
FROM chartlake_landing.chart_snapshots AS landing
INNER JOIN chartlake.current_runs AS runs
    ON
        CAST(landing.dt AS date) = runs.snapshot_date
        AND landing.run_id = runs.run_id;
