-- One row per chart and edition: days that only repeat the edition before are left out.
--
-- chart_id: Chart, as named in charts.toml
-- chart_name: Name in charts.toml when captured
-- market: ISO 3166 country code in lower case, or global
-- cadence: daily or weekly: how often Spotify publishes an edition
-- snapshot_date: Day of the chart: the UTC day of its capture, or the date of its chart file
-- spotify_date: Spotify's own date: SNAPSHOT_DATE less DAYS_BEHIND; charts are compared by it
-- captured_at: When the capture began, or the chart file came into raw
-- previous_edition_on: Edition before; null on the first one
-- first_edition_on: First edition of the chart that there is
-- editions_ago: Editions of the chart since: 0 is its newest
-- is_latest: Whether this is the chart's newest edition
SELECT
    chart_id,
    chart_name,
    market,
    cadence,
    snapshot_date,
    << days_before("snapshot_date", "COALESCE(days_behind, 0)") >> AS spotify_date,
    captured_at,
    LAG(snapshot_date) OVER (PARTITION BY chart_id ORDER BY snapshot_date) AS previous_edition_on,
    MIN(snapshot_date) OVER (PARTITION BY chart_id) AS first_edition_on,
    ROW_NUMBER() OVER (PARTITION BY chart_id ORDER BY snapshot_date DESC) - 1 AS editions_ago,
    snapshot_date = MAX(snapshot_date) OVER (PARTITION BY chart_id) AS is_latest
FROM chartlake.chart_snapshots
WHERE NOT is_repeat
