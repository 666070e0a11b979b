-- Songs over all editions: what each has achieved on a chart, and how it stands from market to market.
--
-- A song is named as it was when last seen. Editions are counted: days on a daily chart, weeks on a
-- weekly one. A chart's first edition has everything for the first time, so what stood on it may be
-- older than its dates say: IS_FROM_THE_START marks it.
USE ROLE {{ prefix }}_TRANSFORMER;

CREATE OR REPLACE VIEW {{ database }}.MARTS.SONG_RECORDS (
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    CHART_NAME COMMENT 'Name in charts.toml when captured',
    MARKET COMMENT 'ISO 3166 country code in lower case, or global',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    TITLE COMMENT 'Title as Spotify showed it when last seen',
    ARTISTS COMMENT 'Credited artists, in the order of the credits',
    RANK_NOW COMMENT 'Rank on the chart''s newest edition; null where it is not on it',
    PEAK_RANK COMMENT 'Best rank so far',
    DAYS_AT_NUMBER_ONE COMMENT 'Editions at rank 1 so far',
    DAYS_ON_CHART COMMENT 'Editions on the chart so far; weeks on a weekly chart; no reset',
    LONGEST_STREAK_DAYS COMMENT 'Most editions on the chart without a break so far',
    STAYS COMMENT 'Stays on the chart so far: 1 and one more for each re-entry',
    FIRST_CHARTED_ON COMMENT 'First edition that the song stood on',
    LAST_CHARTED_ON COMMENT 'Newest edition that the song stood on',
    IS_FROM_THE_START COMMENT 'True where it stood on the first edition that there is: it may be older',
    EDITION_DATE COMMENT 'The chart''s newest edition, of RANK_NOW',
    FIRST_SPOTIFY_DATE COMMENT 'FIRST_CHARTED_ON by Spotify''s own date; charts are compared by it',
    LAST_SPOTIFY_DATE COMMENT 'LAST_CHARTED_ON by Spotify''s own date',
    EDITION_SPOTIFY_DATE COMMENT 'EDITION_DATE by Spotify''s own date',
    TRACK_ID COMMENT 'Track that holds the song''s better rank',
    SONG_ID COMMENT 'Song through its re-releases and renamings: its first song_key',
    URL COMMENT 'Page of the track on open.spotify.com'
)
COPY GRANTS
COMMENT = 'One row per chart and song: all that it has achieved there so far.'
AS
WITH FOLLOWED AS (
    SELECT
        TRENDS.CHART_ID,
        TRENDS.SONG_ID,
        TRENDS.TRACK_ID,
        TRENDS.SNAPSHOT_DATE,
        DAYS.SPOTIFY_DATE,
        TRENDS.RANK,
        TRENDS.PEAK_RANK,
        TRENDS.DAYS_ON_CHART,
        TRENDS.FIRST_CHARTED_ON,
        MAX(CASE WHEN TRENDS.SNAPSHOT_DATE = TRENDS.FIRST_CHARTED_ON THEN DAYS.SPOTIFY_DATE END)
            OVER (PARTITION BY TRENDS.CHART_ID, TRENDS.SONG_ID)
            AS FIRST_SPOTIFY_DATE,
        COUNT(CASE WHEN TRENDS.RANK = 1 THEN 1 END)
            OVER (PARTITION BY TRENDS.CHART_ID, TRENDS.SONG_ID)
            AS DAYS_AT_NUMBER_ONE,
        MAX(TRENDS.STREAK_DAYS) OVER (PARTITION BY TRENDS.CHART_ID, TRENDS.SONG_ID) AS LONGEST_STREAK_DAYS,
        1 + COUNT(CASE WHEN TRENDS.MOVEMENT = 're_entry' THEN 1 END)
            OVER (PARTITION BY TRENDS.CHART_ID, TRENDS.SONG_ID)
            AS STAYS,
        ROW_NUMBER()
            OVER (PARTITION BY TRENDS.CHART_ID, TRENDS.SONG_ID ORDER BY TRENDS.SNAPSHOT_DATE DESC)
            AS ROW_FROM_LAST
    FROM {{ database }}.CORE.SONG_TRENDS AS TRENDS
    LEFT JOIN {{ database }}.CORE.EDITIONS AS DAYS
        ON
            TRENDS.SNAPSHOT_DATE = DAYS.SNAPSHOT_DATE
            AND TRENDS.CHART_ID = DAYS.CHART_ID
)

SELECT
    EDITIONS.CHART_ID,
    EDITIONS.CHART_NAME,
    EDITIONS.MARKET,
    EDITIONS.CADENCE,
    TITLES.TITLE,
    TITLES.ARTISTS,
    CASE WHEN FOLLOWED.SNAPSHOT_DATE = EDITIONS.SNAPSHOT_DATE THEN FOLLOWED.RANK END AS RANK_NOW,
    FOLLOWED.PEAK_RANK,
    FOLLOWED.DAYS_AT_NUMBER_ONE,
    FOLLOWED.DAYS_ON_CHART,
    FOLLOWED.LONGEST_STREAK_DAYS,
    FOLLOWED.STAYS,
    FOLLOWED.FIRST_CHARTED_ON,
    FOLLOWED.SNAPSHOT_DATE AS LAST_CHARTED_ON,
    FOLLOWED.FIRST_CHARTED_ON <= EDITIONS.FIRST_EDITION_ON AS IS_FROM_THE_START,
    EDITIONS.SNAPSHOT_DATE AS EDITION_DATE,
    COALESCE(FOLLOWED.FIRST_SPOTIFY_DATE, FOLLOWED.FIRST_CHARTED_ON) AS FIRST_SPOTIFY_DATE,
    COALESCE(FOLLOWED.SPOTIFY_DATE, FOLLOWED.SNAPSHOT_DATE) AS LAST_SPOTIFY_DATE,
    EDITIONS.SPOTIFY_DATE AS EDITION_SPOTIFY_DATE,
    FOLLOWED.TRACK_ID,
    FOLLOWED.SONG_ID,
    TITLES.URL
FROM FOLLOWED
INNER JOIN {{ database }}.CORE.EDITIONS AS EDITIONS
    ON FOLLOWED.CHART_ID = EDITIONS.CHART_ID
LEFT JOIN {{ database }}.CORE.TRACK_TITLES AS TITLES
    ON
        FOLLOWED.SNAPSHOT_DATE = TITLES.SNAPSHOT_DATE
        AND FOLLOWED.TRACK_ID = TITLES.TRACK_ID
WHERE FOLLOWED.ROW_FROM_LAST = 1 AND EDITIONS.IS_LATEST;

-- Weekly charts are compared with weekly ones, daily with daily. Where a market has several charts
-- of one cadence, the best of them counts. The world, market global, is one more market here.
-- Every date is Spotify's own: a playlist shows a chart some days after its date, a chart file does not.
CREATE OR REPLACE VIEW {{ database }}.MARTS.SONG_MARKETS (
    TITLE COMMENT 'Title as Spotify showed it when last seen in any market',
    ARTISTS COMMENT 'Credited artists, in the order of the credits',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    MARKET COMMENT 'ISO 3166 country code in lower case, or global',
    RANK_NOW COMMENT 'Rank on the market''s newest edition; null where it is not on it',
    PEAK_RANK COMMENT 'Best rank in the market so far',
    DAYS_ON_CHART COMMENT 'Editions on a chart of the market so far; weeks on a weekly chart',
    FIRST_CHARTED_ON COMMENT 'First edition in the market that the song stood on, by Spotify''s own date',
    LAST_CHARTED_ON COMMENT 'Newest edition in the market that the song stood on, by Spotify''s own date',
    IS_FROM_THE_START COMMENT 'True where it stood on the first edition that there is: it may be older',
    EDITION_DATE COMMENT 'The market''s newest edition, of RANK_NOW, by Spotify''s own date',
    ARRIVAL COMMENT 'Which market this was for the song: 1 is where it charted first; same day, same place',
    DAYS_AFTER_FIRST COMMENT 'Days from its first edition in any market to its first one here',
    MARKETS_NOW COMMENT 'Markets whose newest edition shows the song',
    MARKETS_SO_FAR COMMENT 'Markets that ever showed it',
    SONG_ID COMMENT 'Song through its re-releases and renamings: its first song_key'
)
COPY GRANTS
COMMENT = 'One row per song, cadence and market that it has charted in: when it came, where it stands.'
AS
WITH NAMED AS (
    SELECT
        SONG_ID,
        CADENCE,
        MARKET,
        RANK_NOW,
        PEAK_RANK,
        DAYS_ON_CHART,
        FIRST_SPOTIFY_DATE AS FIRST_CHARTED_ON,
        LAST_SPOTIFY_DATE AS LAST_CHARTED_ON,
        IS_FROM_THE_START,
        EDITION_SPOTIFY_DATE AS EDITION_DATE,
        FIRST_VALUE(TITLE) OVER (
            PARTITION BY SONG_ID, CADENCE ORDER BY LAST_SPOTIFY_DATE DESC, CHART_ID ASC
        ) AS TITLE,
        FIRST_VALUE(ARTISTS) OVER (
            PARTITION BY SONG_ID, CADENCE ORDER BY LAST_SPOTIFY_DATE DESC, CHART_ID ASC
        ) AS ARTISTS
    FROM {{ database }}.MARTS.SONG_RECORDS
),

STANDING AS (
    SELECT
        SONG_ID,
        CADENCE,
        MARKET,
        TITLE,
        ARTISTS,
        MIN(RANK_NOW) AS RANK_NOW,
        MIN(PEAK_RANK) AS PEAK_RANK,
        MAX(DAYS_ON_CHART) AS DAYS_ON_CHART,
        MIN(FIRST_CHARTED_ON) AS FIRST_CHARTED_ON,
        MAX(LAST_CHARTED_ON) AS LAST_CHARTED_ON,
        BOOLOR_AGG(IS_FROM_THE_START) AS IS_FROM_THE_START,
        MAX(EDITION_DATE) AS EDITION_DATE
    FROM NAMED
    GROUP BY SONG_ID, CADENCE, MARKET, TITLE, ARTISTS
)

SELECT
    TITLE,
    ARTISTS,
    CADENCE,
    MARKET,
    RANK_NOW,
    PEAK_RANK,
    DAYS_ON_CHART,
    FIRST_CHARTED_ON,
    LAST_CHARTED_ON,
    IS_FROM_THE_START,
    EDITION_DATE,
    RANK() OVER (PARTITION BY SONG_ID, CADENCE ORDER BY FIRST_CHARTED_ON) AS ARRIVAL,
    DATEDIFF(
        DAY, MIN(FIRST_CHARTED_ON) OVER (PARTITION BY SONG_ID, CADENCE), FIRST_CHARTED_ON
    ) AS DAYS_AFTER_FIRST,
    COUNT(RANK_NOW) OVER (PARTITION BY SONG_ID, CADENCE) AS MARKETS_NOW,
    COUNT(*) OVER (PARTITION BY SONG_ID, CADENCE) AS MARKETS_SO_FAR,
    SONG_ID
FROM STANDING;
