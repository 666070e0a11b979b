-- One row per chart and edition: how lively it was, and what it is made of.
--
-- chart_id: Chart, as named in charts.toml
-- chart_name: Name in charts.toml when captured
-- market: ISO 3166 country code in lower case, or global
-- cadence: daily or weekly: how often Spotify publishes an edition
-- snapshot_date: Day of the chart: the UTC day of its capture, or the date of its chart file
-- previous_edition_on: Edition before, that this one is compared with; null on the first one
-- entries: Songs on the chart
-- debuts: Songs never on it before
-- re_entries: Songs that came back
-- exits: Songs of the edition before that are gone
-- turnover: Share of songs not on the edition before; null on the first one
-- median_duration_ms: Median length of the songs, milliseconds
-- explicit_share: Explicit songs / songs that say whether they are
-- median_release_age_days: Median days since release, of dates known to the day
-- artist_concentration: Herfindahl index of chart points over artists: 1 is one artist
-- editions_ago: Editions of the chart since: 0 is its newest
-- is_latest: Whether this is the chart's newest edition
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
        AND summary.chart_id = editions.chart_id
