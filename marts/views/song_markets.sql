-- One row per song, cadence and market that it has charted in: when it came, where it stands.
-- Weekly charts are compared with weekly ones, daily with daily. Where a market has several charts
-- of one cadence, the best of them counts. The world, market global, is one more market here.
-- Every date is Spotify's own: a playlist shows a chart some days after its date, a chart file does not.
--
-- title: Title as Spotify showed it when last seen in any market
-- artists: Credited artists, in the order of the credits
-- cadence: daily or weekly: how often Spotify publishes an edition
-- market: ISO 3166 country code in lower case, or global
-- rank_now: Rank on the market's newest edition; null where it is not on it
-- peak_rank: Best rank in the market so far
-- days_on_chart: Editions on a chart of the market so far; weeks on a weekly chart
-- first_charted_on: First edition in the market that the song stood on, by Spotify's own date
-- last_charted_on: Newest edition in the market that the song stood on, by Spotify's own date
-- is_from_the_start: True where it stood on the first edition that there is: it may be older
-- edition_date: The market's newest edition, of RANK_NOW, by Spotify's own date
-- arrival: Which market this was for the song: 1 is where it charted first; same day, same place
-- days_after_first: Days from its first edition in any market to its first one here
-- markets_now: Markets whose newest edition shows the song
-- markets_so_far: Markets that ever showed it
-- song_id: Song through its re-releases and renamings: its first song_key
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
        << any_true("is_from_the_start") >> AS is_from_the_start,
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
    << days_between(
        "MIN(first_charted_on) OVER (PARTITION BY song_id, cadence)", "first_charted_on", indent=4
    ) >> AS days_after_first,
    COUNT(rank_now) OVER (PARTITION BY song_id, cadence) AS markets_now,
    COUNT(*) OVER (PARTITION BY song_id, cadence) AS markets_so_far,
    song_id
FROM standing
