-- Songs, edition by edition: where they stand, how they moved, what left, and their lines over time.
--
-- A song is named as it was on that day. IS_LATEST marks the newest edition of each chart, which need
-- not be of the same day for all of them; EDITIONS_AGO counts on from there: below 7 are the last week
-- of a daily chart that has no gap, or the last seven weeks of a weekly one.
USE ROLE {{ prefix }}_TRANSFORMER;

CREATE OR REPLACE VIEW {{ database }}.MARTS.SONG_MOVES (
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    CHART_NAME COMMENT 'Name in charts.toml when captured',
    MARKET COMMENT 'ISO 3166 country code in lower case, or global',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    RANK COMMENT 'Position on the chart, 1 is the top',
    TITLE COMMENT 'Title as Spotify showed it that day',
    ARTISTS COMMENT 'Credited artists, in the order of the credits',
    PREVIOUS_RANK COMMENT 'Rank in the edition before; null when not on it',
    RANK_CHANGE COMMENT 'previous_rank - rank: positive is a climb',
    MOVEMENT COMMENT 'debut, re_entry, up, down or same',
    CLIMB_PLACE COMMENT 'Place among the climbs of the edition, 1 is the biggest; equal climbs share it',
    FALL_PLACE COMMENT 'Place among the falls of the edition, 1 is the biggest; equal falls share it',
    PEAK_RANK COMMENT 'Best rank so far, this edition included',
    DAYS_ON_CHART COMMENT 'Editions on the chart so far; weeks on a weekly chart; no reset',
    STREAK_DAYS COMMENT 'Editions on the chart without a break, this one included',
    FIRST_CHARTED_ON COMMENT 'First edition that the song stood on',
    STREAMS COMMENT 'Streams on that day or week; null unless the source is charts_csv',
    STREAMS_CHANGE COMMENT 'Streams less those of the edition before',
    EDITIONS_AGO COMMENT 'Editions of the chart since: 0 is its newest',
    IS_LATEST COMMENT 'Whether this is the chart''s newest edition',
    TRACK_ID COMMENT 'Track that holds the song''s better rank',
    SONG_ID COMMENT 'Song through its re-releases and renamings: its first song_key',
    URL COMMENT 'Page of the track on open.spotify.com'
)
COPY GRANTS
COMMENT = 'One row per chart, edition date and song: where it stands and how it moved.'
AS
SELECT
    EDITIONS.CHART_ID,
    EDITIONS.CHART_NAME,
    EDITIONS.MARKET,
    EDITIONS.CADENCE,
    EDITIONS.SNAPSHOT_DATE,
    TRENDS.RANK,
    TITLES.TITLE,
    TITLES.ARTISTS,
    TRENDS.PREVIOUS_RANK,
    TRENDS.RANK_CHANGE,
    TRENDS.MOVEMENT,
    CASE
        WHEN TRENDS.MOVEMENT = 'up'
            THEN RANK() OVER (
                PARTITION BY TRENDS.CHART_ID, TRENDS.SNAPSHOT_DATE
                ORDER BY TRENDS.RANK_CHANGE DESC NULLS LAST
            )
    END AS CLIMB_PLACE,
    CASE
        WHEN TRENDS.MOVEMENT = 'down'
            THEN RANK() OVER (
                PARTITION BY TRENDS.CHART_ID, TRENDS.SNAPSHOT_DATE
                ORDER BY TRENDS.RANK_CHANGE ASC NULLS LAST
            )
    END AS FALL_PLACE,
    TRENDS.PEAK_RANK,
    TRENDS.DAYS_ON_CHART,
    TRENDS.STREAK_DAYS,
    TRENDS.FIRST_CHARTED_ON,
    TRENDS.STREAMS,
    TRENDS.STREAMS_CHANGE,
    EDITIONS.EDITIONS_AGO,
    EDITIONS.IS_LATEST,
    TRENDS.TRACK_ID,
    TRENDS.SONG_ID,
    TITLES.URL
FROM {{ database }}.CORE.SONG_TRENDS AS TRENDS
INNER JOIN {{ database }}.CORE.EDITIONS AS EDITIONS
    ON
        TRENDS.SNAPSHOT_DATE = EDITIONS.SNAPSHOT_DATE
        AND TRENDS.CHART_ID = EDITIONS.CHART_ID
LEFT JOIN {{ database }}.CORE.TRACK_TITLES AS TITLES
    ON
        TRENDS.SNAPSHOT_DATE = TITLES.SNAPSHOT_DATE
        AND TRENDS.TRACK_ID = TITLES.TRACK_ID;

-- It is not among the tracks of its edition, so it has the name of the day that still showed it.
CREATE OR REPLACE VIEW {{ database }}.MARTS.SONG_EXITS (
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    CHART_NAME COMMENT 'Name in charts.toml when captured',
    MARKET COMMENT 'ISO 3166 country code in lower case, or global',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    SNAPSHOT_DATE COMMENT 'Edition that no longer shows it',
    TITLE COMMENT 'Title as Spotify showed it on its last day',
    ARTISTS COMMENT 'Credited artists, in the order of the credits',
    LAST_RANK COMMENT 'Rank in the edition before',
    PEAK_RANK COMMENT 'Best rank so far',
    DAYS_ON_CHART COMMENT 'Editions on the chart so far; weeks on a weekly chart',
    STREAK_DAYS COMMENT 'Editions without a break that ended',
    LAST_CHARTED_ON COMMENT 'Edition before, which still showed it',
    EDITIONS_AGO COMMENT 'Editions of the chart since: 0 is its newest',
    IS_LATEST COMMENT 'Whether this is the chart''s newest edition',
    TRACK_ID COMMENT 'Track that the song last stood with',
    SONG_ID COMMENT 'Song through its re-releases and renamings: its first song_key',
    URL COMMENT 'Page of the track on open.spotify.com'
)
COPY GRANTS
COMMENT = 'One row per chart, edition date and song that left: what it leaves behind.'
AS
SELECT
    EDITIONS.CHART_ID,
    EDITIONS.CHART_NAME,
    EDITIONS.MARKET,
    EDITIONS.CADENCE,
    EDITIONS.SNAPSHOT_DATE,
    TITLES.TITLE,
    TITLES.ARTISTS,
    EXITS.LAST_RANK,
    EXITS.PEAK_RANK,
    EXITS.DAYS_ON_CHART,
    EXITS.STREAK_DAYS,
    EXITS.LAST_CHARTED_ON,
    EDITIONS.EDITIONS_AGO,
    EDITIONS.IS_LATEST,
    EXITS.TRACK_ID,
    EXITS.SONG_ID,
    TITLES.URL
FROM {{ database }}.CORE.CHART_EXITS AS EXITS
INNER JOIN {{ database }}.CORE.EDITIONS AS EDITIONS
    ON
        EXITS.SNAPSHOT_DATE = EDITIONS.SNAPSHOT_DATE
        AND EXITS.CHART_ID = EDITIONS.CHART_ID
LEFT JOIN {{ database }}.CORE.TRACK_TITLES AS TITLES
    ON
        EXITS.LAST_CHARTED_ON = TITLES.SNAPSHOT_DATE
        AND EXITS.TRACK_ID = TITLES.TRACK_ID;

-- The moves with the exits between them, so that a line drawn from it breaks where the song was gone.
-- It joins trends and exits before they are named, instead of song_moves and song_exits: half as much
-- to read. A song that left has the name of the day that still showed it.
CREATE OR REPLACE VIEW {{ database }}.MARTS.SONG_LIFE_LINE (
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    CHART_NAME COMMENT 'Name in charts.toml when captured',
    MARKET COMMENT 'ISO 3166 country code in lower case, or global',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    TITLE COMMENT 'Title as Spotify showed it on the last day that it stood',
    ARTISTS COMMENT 'Credited artists, in the order of the credits',
    STAY COMMENT 'Which stay on the chart this is: 1 from the debut on, one more with each re-entry',
    MOVEMENT COMMENT 'debut, re_entry, up, down or same, or exit',
    RANK COMMENT 'Position on the chart, 1 is the top; null where it left',
    PREVIOUS_RANK COMMENT 'Rank in the edition before; null when not on it',
    PEAK_RANK COMMENT 'Best rank so far',
    DAYS_ON_CHART COMMENT 'Editions on the chart so far; weeks on a weekly chart',
    STREAK_DAYS COMMENT 'Editions without a break, up to this one or to the one before it left',
    EDITIONS_AGO COMMENT 'Editions of the chart since: 0 is its newest',
    IS_LATEST COMMENT 'Whether this is the chart''s newest edition',
    TRACK_ID COMMENT 'Track that holds the song''s better rank',
    SONG_ID COMMENT 'Song through its re-releases and renamings: its first song_key',
    URL COMMENT 'Page of the track on open.spotify.com'
)
COPY GRANTS
COMMENT = 'One row per chart, song and edition date that it stood on or left: its whole line, gaps included.'
AS
WITH EVENTS AS (
    SELECT
        CHART_ID,
        SNAPSHOT_DATE,
        SNAPSHOT_DATE AS NAMED_ON,
        MOVEMENT,
        RANK,
        PREVIOUS_RANK,
        PEAK_RANK,
        DAYS_ON_CHART,
        STREAK_DAYS,
        TRACK_ID,
        SONG_ID
    FROM {{ database }}.CORE.SONG_TRENDS
    UNION ALL
    SELECT
        CHART_ID,
        SNAPSHOT_DATE,
        LAST_CHARTED_ON AS NAMED_ON,
        'exit' AS MOVEMENT,
        NULL AS RANK,
        LAST_RANK AS PREVIOUS_RANK,
        PEAK_RANK,
        DAYS_ON_CHART,
        STREAK_DAYS,
        TRACK_ID,
        SONG_ID
    FROM {{ database }}.CORE.CHART_EXITS
)

SELECT
    EDITIONS.CHART_ID,
    EDITIONS.CHART_NAME,
    EDITIONS.MARKET,
    EDITIONS.CADENCE,
    EDITIONS.SNAPSHOT_DATE,
    TITLES.TITLE,
    TITLES.ARTISTS,
    1 + COUNT(CASE WHEN EVENTS.MOVEMENT = 're_entry' THEN 1 END) OVER (
        PARTITION BY EVENTS.CHART_ID, EVENTS.SONG_ID
        ORDER BY EVENTS.SNAPSHOT_DATE
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS STAY,
    EVENTS.MOVEMENT,
    EVENTS.RANK,
    EVENTS.PREVIOUS_RANK,
    EVENTS.PEAK_RANK,
    EVENTS.DAYS_ON_CHART,
    EVENTS.STREAK_DAYS,
    EDITIONS.EDITIONS_AGO,
    EDITIONS.IS_LATEST,
    EVENTS.TRACK_ID,
    EVENTS.SONG_ID,
    TITLES.URL
FROM EVENTS
INNER JOIN {{ database }}.CORE.EDITIONS AS EDITIONS
    ON
        EVENTS.SNAPSHOT_DATE = EDITIONS.SNAPSHOT_DATE
        AND EVENTS.CHART_ID = EDITIONS.CHART_ID
LEFT JOIN {{ database }}.CORE.TRACK_TITLES AS TITLES
    ON
        EVENTS.NAMED_ON = TITLES.SNAPSHOT_DATE
        AND EVENTS.TRACK_ID = TITLES.TRACK_ID;
