-- How lively were the charts' last thirty editions, and how concentrated on few artists?
SELECT
    chart_name,
    snapshot_date,
    << days_between("previous_edition_on", "snapshot_date") >> AS days_since_edition_before,
    debuts,
    re_entries,
    exits,
    ROUND(100 * turnover, 1) AS turnover_percent,
    ROUND(artist_concentration, 3) AS artist_concentration
FROM chartlake.chart_pulse
WHERE editions_ago < 30
ORDER BY chart_name ASC, snapshot_date DESC;
