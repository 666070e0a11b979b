-- One row per song, cadence and market that it has charted in: when it came, where it stands.
-- Weekly charts are compared with weekly ones, daily with daily. Where a market has several charts
-- of one cadence, the best of them counts. The world, market global, is one more market here.
-- Every date is Spotify's own: a playlist shows a chart some days after its date, a chart file does not.
CREATE OR REPLACE VIEW chartlake.song_markets AS
WITH named AS (
    SELECT
        song_id,
        cadence,
        market,
        rank_now,
        peak_rank,
        days_on_chart,
        first_spotify_date AS first_charted_on,
        last_spotify_date AS last_charted_on,
        is_from_the_start,
        edition_spotify_date AS edition_date,
        FIRST_VALUE(title) OVER (
            PARTITION BY song_id, cadence ORDER BY last_spotify_date DESC, chart_id ASC
        ) AS title,
        FIRST_VALUE(artists) OVER (
            PARTITION BY song_id, cadence ORDER BY last_spotify_date DESC, chart_id ASC
        ) AS artists
    FROM chartlake.song_records
),

standing AS (
    SELECT
        song_id,
        cadence,
        market,
        title,
        artists,
        MIN(rank_now) AS rank_now,
        MIN(peak_rank) AS peak_rank,
        MAX(days_on_chart) AS days_on_chart,
        MIN(first_charted_on) AS first_charted_on,
        MAX(last_charted_on) AS last_charted_on,
        BOOL_OR(is_from_the_start) AS is_from_the_start,
        MAX(edition_date) AS edition_date
    FROM named
    GROUP BY song_id, cadence, market, title, artists
)

SELECT
    title,
    artists,
    cadence,
    market,
    rank_now,
    peak_rank,
    days_on_chart,
    first_charted_on,
    last_charted_on,
    is_from_the_start,
    edition_date,
    RANK() OVER (PARTITION BY song_id, cadence ORDER BY first_charted_on) AS arrival,
    DATE_DIFF(
        'day', MIN(first_charted_on) OVER (PARTITION BY song_id, cadence), first_charted_on
    ) AS days_after_first,
    COUNT(rank_now) OVER (PARTITION BY song_id, cadence) AS markets_now,
    COUNT(*) OVER (PARTITION BY song_id, cadence) AS markets_so_far,
    song_id
FROM standing;
