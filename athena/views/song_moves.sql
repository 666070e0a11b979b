-- One row per chart, edition date and song: where it stands and how it moved.
CREATE OR REPLACE VIEW chartlake.song_moves AS
SELECT
    editions.chart_id,
    editions.chart_name,
    editions.market,
    editions.cadence,
    editions.snapshot_date,
    trends.rank,
    titles.title,
    titles.artists,
    trends.previous_rank,
    trends.rank_change,
    trends.movement,
    CASE
        WHEN trends.movement = 'up'
            THEN RANK() OVER (
                PARTITION BY trends.chart_id, trends.snapshot_date
                ORDER BY trends.rank_change DESC NULLS LAST
            )
    END AS climb_place,
    CASE
        WHEN trends.movement = 'down'
            THEN RANK() OVER (
                PARTITION BY trends.chart_id, trends.snapshot_date
                ORDER BY trends.rank_change ASC NULLS LAST
            )
    END AS fall_place,
    trends.peak_rank,
    trends.days_on_chart,
    trends.streak_days,
    trends.first_charted_on,
    trends.streams,
    trends.streams_change,
    editions.editions_ago,
    editions.is_latest,
    trends.track_id,
    trends.song_id,
    titles.url
FROM chartlake.song_trends AS trends
INNER JOIN chartlake.editions AS editions
    ON
        trends.snapshot_date = editions.snapshot_date
        AND trends.chart_id = editions.chart_id
LEFT JOIN chartlake.track_titles AS titles
    ON
        trends.snapshot_date = titles.snapshot_date
        AND trends.track_id = titles.track_id;
