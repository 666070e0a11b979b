-- One row per chart, edition date and song that left: what it leaves behind.
-- It is not among the tracks of its edition, so it has the name of the day that still showed it.
--
-- chart_id: Chart, as named in charts.toml
-- chart_name: Name in charts.toml when captured
-- market: ISO 3166 country code in lower case, or global
-- cadence: daily or weekly: how often Spotify publishes an edition
-- snapshot_date: Edition that no longer shows it
-- title: Title as Spotify showed it on its last day
-- artists: Credited artists, in the order of the credits
-- last_rank: Rank in the edition before
-- peak_rank: Best rank so far
-- days_on_chart: Editions on the chart so far; weeks on a weekly chart
-- streak_days: Editions without a break that ended
-- last_charted_on: Edition before, which still showed it
-- editions_ago: Editions of the chart since: 0 is its newest
-- is_latest: Whether this is the chart's newest edition
-- track_id: Track that the song last stood with
-- song_id: Song through its re-releases and renamings: its first song_key
-- url: Page of the track on open.spotify.com
SELECT
    editions.chart_id,
    editions.chart_name,
    editions.market,
    editions.cadence,
    editions.snapshot_date,
    titles.title,
    titles.artists,
    exits.last_rank,
    exits.peak_rank,
    exits.days_on_chart,
    exits.streak_days,
    exits.last_charted_on,
    editions.editions_ago,
    editions.is_latest,
    exits.track_id,
    exits.song_id,
    titles.url
FROM chartlake.chart_exits AS exits
INNER JOIN chartlake.editions AS editions
    ON
        exits.snapshot_date = editions.snapshot_date
        AND exits.chart_id = editions.chart_id
LEFT JOIN chartlake.track_titles AS titles
    ON
        exits.last_charted_on = titles.snapshot_date
        AND exits.track_id = titles.track_id
