-- One row per chart and song: all that it has achieved there so far.
CREATE OR REPLACE VIEW chartlake.song_records AS
WITH followed AS (
    SELECT
        trends.chart_id,
        trends.song_id,
        trends.track_id,
        trends.snapshot_date,
        days.spotify_date,
        trends.rank,
        trends.peak_rank,
        trends.days_on_chart,
        trends.first_charted_on,
        MAX(CASE WHEN trends.snapshot_date = trends.first_charted_on THEN days.spotify_date END)
            OVER (PARTITION BY trends.chart_id, trends.song_id)
            AS first_spotify_date,
        COUNT(CASE WHEN trends.rank = 1 THEN 1 END)
            OVER (PARTITION BY trends.chart_id, trends.song_id)
            AS days_at_number_one,
        MAX(trends.streak_days) OVER (PARTITION BY trends.chart_id, trends.song_id) AS longest_streak_days,
        1 + COUNT(CASE WHEN trends.movement = 're_entry' THEN 1 END)
            OVER (PARTITION BY trends.chart_id, trends.song_id)
            AS stays,
        ROW_NUMBER()
            OVER (PARTITION BY trends.chart_id, trends.song_id ORDER BY trends.snapshot_date DESC)
            AS row_from_last
    FROM chartlake.song_trends AS trends
    LEFT JOIN chartlake.editions AS days
        ON
            trends.snapshot_date = days.snapshot_date
            AND trends.chart_id = days.chart_id
)

SELECT
    editions.chart_id,
    editions.chart_name,
    editions.market,
    editions.cadence,
    titles.title,
    titles.artists,
    CASE WHEN followed.snapshot_date = editions.snapshot_date THEN followed.rank END AS rank_now,
    followed.peak_rank,
    followed.days_at_number_one,
    followed.days_on_chart,
    followed.longest_streak_days,
    followed.stays,
    followed.first_charted_on,
    followed.snapshot_date AS last_charted_on,
    followed.first_charted_on <= editions.first_edition_on AS is_from_the_start,
    editions.snapshot_date AS edition_date,
    COALESCE(followed.first_spotify_date, followed.first_charted_on) AS first_spotify_date,
    COALESCE(followed.spotify_date, followed.snapshot_date) AS last_spotify_date,
    editions.spotify_date AS edition_spotify_date,
    followed.track_id,
    followed.song_id,
    titles.url
FROM followed
INNER JOIN chartlake.editions AS editions
    ON followed.chart_id = editions.chart_id
LEFT JOIN chartlake.track_titles AS titles
    ON
        followed.snapshot_date = titles.snapshot_date
        AND followed.track_id = titles.track_id
WHERE followed.row_from_last = 1 AND editions.is_latest;
