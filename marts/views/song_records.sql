-- One row per chart and song: all that it has achieved there so far.
--
-- chart_id: Chart, as named in charts.toml
-- chart_name: Name in charts.toml when captured
-- market: ISO 3166 country code in lower case, or global
-- cadence: daily or weekly: how often Spotify publishes an edition
-- title: Title as Spotify showed it when last seen
-- artists: Credited artists, in the order of the credits
-- rank_now: Rank on the chart's newest edition; null where it is not on it
-- peak_rank: Best rank so far
-- days_at_number_one: Editions at rank 1 so far
-- days_on_chart: Editions on the chart so far; weeks on a weekly chart; no reset
-- longest_streak_days: Most editions on the chart without a break so far
-- stays: Stays on the chart so far: 1 and one more for each re-entry
-- first_charted_on: First edition that the song stood on
-- last_charted_on: Newest edition that the song stood on
-- is_from_the_start: True where it stood on the first edition that there is: it may be older
-- edition_date: The chart's newest edition, of RANK_NOW
-- first_spotify_date: FIRST_CHARTED_ON by Spotify's own date; charts are compared by it
-- last_spotify_date: LAST_CHARTED_ON by Spotify's own date
-- edition_spotify_date: EDITION_DATE by Spotify's own date
-- track_id: Track that holds the song's better rank
-- song_id: Song through its re-releases and renamings: its first song_key
-- url: Page of the track on open.spotify.com
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
WHERE followed.row_from_last = 1 AND editions.is_latest
