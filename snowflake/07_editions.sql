-- What the marts share: when a chart had a new edition, and what a track was called on a day.
USE ROLE {{ prefix }}_TRANSFORMER;

CREATE OR REPLACE VIEW {{ database }}.CORE.EDITIONS (
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    CHART_NAME COMMENT 'Name in charts.toml when captured',
    MARKET COMMENT 'ISO 3166 country code in lower case, or global',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    SPOTIFY_DATE COMMENT 'Spotify''s own date: SNAPSHOT_DATE less DAYS_BEHIND; charts are compared by it',
    CAPTURED_AT COMMENT 'When the capture began, or the chart file came into raw',
    PREVIOUS_EDITION_ON COMMENT 'Edition before; null on the first one',
    FIRST_EDITION_ON COMMENT 'First edition of the chart that there is',
    EDITIONS_AGO COMMENT 'Editions of the chart since: 0 is its newest',
    IS_LATEST COMMENT 'Whether this is the chart''s newest edition'
)
COPY GRANTS
COMMENT = 'One row per chart and edition: days that only repeat the edition before are left out.'
AS
SELECT
    CHART_ID,
    CHART_NAME,
    MARKET,
    CADENCE,
    SNAPSHOT_DATE,
    DATEADD(DAY, -COALESCE(DAYS_BEHIND, 0), SNAPSHOT_DATE)::DATE AS SPOTIFY_DATE,
    CAPTURED_AT,
    LAG(SNAPSHOT_DATE) OVER (PARTITION BY CHART_ID ORDER BY SNAPSHOT_DATE) AS PREVIOUS_EDITION_ON,
    MIN(SNAPSHOT_DATE) OVER (PARTITION BY CHART_ID) AS FIRST_EDITION_ON,
    ROW_NUMBER() OVER (PARTITION BY CHART_ID ORDER BY SNAPSHOT_DATE DESC) - 1 AS EDITIONS_AGO,
    SNAPSHOT_DATE = MAX(SNAPSHOT_DATE) OVER (PARTITION BY CHART_ID) AS IS_LATEST
FROM {{ database }}.CORE.CHART_SNAPSHOTS
WHERE NOT IS_REPEAT;

CREATE OR REPLACE VIEW {{ database }}.CORE.TRACK_TITLES (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    TRACK_ID COMMENT 'Spotify''s track id',
    TITLE COMMENT 'Title as Spotify showed it that day',
    ARTISTS COMMENT 'Credited artists, in the order of the credits',
    URL COMMENT 'Page of the track on open.spotify.com'
)
COPY GRANTS
COMMENT = 'One row per track and date seen: its title, and its artists in the order of the credits.'
AS
WITH CREDITS AS (
    SELECT
        TRACK_ARTISTS.SNAPSHOT_DATE,
        TRACK_ARTISTS.TRACK_ID,
        LISTAGG(ARTISTS.NAME, ', ') WITHIN GROUP (ORDER BY TRACK_ARTISTS.POSITION) AS ARTISTS
    FROM {{ database }}.CORE.TRACK_ARTISTS AS TRACK_ARTISTS
    INNER JOIN {{ database }}.CORE.ARTISTS AS ARTISTS
        ON
            TRACK_ARTISTS.SNAPSHOT_DATE = ARTISTS.SNAPSHOT_DATE
            AND TRACK_ARTISTS.ARTIST_ID = ARTISTS.ARTIST_ID
    GROUP BY TRACK_ARTISTS.SNAPSHOT_DATE, TRACK_ARTISTS.TRACK_ID
)

SELECT
    TRACKS.SNAPSHOT_DATE,
    TRACKS.TRACK_ID,
    TRACKS.NAME AS TITLE,
    CREDITS.ARTISTS,
    TRACKS.URL
FROM {{ database }}.CORE.TRACKS AS TRACKS
LEFT JOIN CREDITS
    ON
        TRACKS.SNAPSHOT_DATE = CREDITS.SNAPSHOT_DATE
        AND TRACKS.TRACK_ID = CREDITS.TRACK_ID;
