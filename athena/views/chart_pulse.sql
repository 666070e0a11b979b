-- One row per chart and edition: how lively it was, and what it is made of.
CREATE OR REPLACE VIEW chartlake.chart_pulse AS
SELECT
    editions.chart_id,
    editions.chart_name,
    editions.market,
    editions.cadence,
    editions.snapshot_date,
    editions.previous_edition_on,
    summary.entries,
    summary.debuts,
    summary.re_entries,
    summary.exits,
    summary.turnover,
    summary.median_duration_ms,
    summary.explicit_share,
    summary.median_release_age_days,
    summary.artist_concentration,
    editions.editions_ago,
    editions.is_latest
FROM chartlake.chart_summary AS summary
INNER JOIN chartlake.editions AS editions
    ON
        summary.snapshot_date = editions.snapshot_date
        AND summary.chart_id = editions.chart_id;
