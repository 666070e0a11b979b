-- One row per chart, edition date and artist: how much of the chart is theirs.
--
-- chart_id: Chart, as named in charts.toml
-- chart_name: Name in charts.toml when captured
-- market: ISO 3166 country code in lower case, or global
-- cadence: daily or weekly: how often Spotify publishes an edition
-- snapshot_date: Day of the chart: the UTC day of its capture, or the date of its chart file
-- artist: Name as Spotify showed it that day
-- songs: Songs on the chart, shared credits included
-- best_rank: Best rank of those songs
-- chart_points: Sum over those songs of the chart's size + 1 - rank
-- points_share: chart_points / points of all songs; shared credits count in full
-- streams: Streams of those songs; null unless the source is charts_csv
-- songs_change: songs less those of the edition before; null when not on it
-- points_share_change: points_share less that of the edition before
-- streams_change: Streams less those of the edition before
-- editions_ago: Editions of the chart since: 0 is its newest
-- is_latest: Whether this is the chart's newest edition
-- artist_id: Spotify's artist id
-- url: Page of the artist on open.spotify.com
SELECT
    editions.chart_id,
    editions.chart_name,
    editions.market,
    editions.cadence,
    editions.snapshot_date,
    artists.name AS artist,
    trends.songs,
    trends.best_rank,
    trends.chart_points,
    trends.points_share,
    trends.streams,
    trends.songs_change,
    trends.points_share_change,
    trends.streams_change,
    editions.editions_ago,
    editions.is_latest,
    trends.artist_id,
    artists.url
FROM chartlake.artist_trends AS trends
INNER JOIN chartlake.editions AS editions
    ON
        trends.snapshot_date = editions.snapshot_date
        AND trends.chart_id = editions.chart_id
LEFT JOIN chartlake.artists AS artists
    ON
        trends.snapshot_date = artists.snapshot_date
        AND trends.artist_id = artists.artist_id
