-- One row per chart, edition date and artist: how much of the chart is theirs.
CREATE OR REPLACE VIEW chartlake.artist_share AS
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
        AND trends.artist_id = artists.artist_id;
