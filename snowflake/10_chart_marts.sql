-- Charts, edition by edition: who owns them, and how lively they are.
USE ROLE {{ prefix }}_TRANSFORMER;

CREATE OR REPLACE VIEW {{ database }}.MARTS.ARTIST_SHARE (
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    CHART_NAME COMMENT 'Name in charts.toml when captured',
    MARKET COMMENT 'ISO 3166 country code in lower case, or global',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    ARTIST COMMENT 'Name as Spotify showed it that day',
    SONGS COMMENT 'Songs on the chart, shared credits included',
    BEST_RANK COMMENT 'Best rank of those songs',
    CHART_POINTS COMMENT 'Sum over those songs of the chart''s size + 1 - rank',
    POINTS_SHARE COMMENT 'chart_points / points of all songs; shared credits count in full',
    STREAMS COMMENT 'Streams of those songs; null unless the source is charts_csv',
    SONGS_CHANGE COMMENT 'songs less those of the edition before; null when not on it',
    POINTS_SHARE_CHANGE COMMENT 'points_share less that of the edition before',
    STREAMS_CHANGE COMMENT 'Streams less those of the edition before',
    EDITIONS_AGO COMMENT 'Editions of the chart since: 0 is its newest',
    IS_LATEST COMMENT 'Whether this is the chart''s newest edition',
    ARTIST_ID COMMENT 'Spotify''s artist id',
    URL COMMENT 'Page of the artist on open.spotify.com'
)
COPY GRANTS
COMMENT = 'One row per chart, edition date and artist: how much of the chart is theirs.'
AS
SELECT
    EDITIONS.CHART_ID,
    EDITIONS.CHART_NAME,
    EDITIONS.MARKET,
    EDITIONS.CADENCE,
    EDITIONS.SNAPSHOT_DATE,
    ARTISTS.NAME AS ARTIST,
    TRENDS.SONGS,
    TRENDS.BEST_RANK,
    TRENDS.CHART_POINTS,
    TRENDS.POINTS_SHARE,
    TRENDS.STREAMS,
    TRENDS.SONGS_CHANGE,
    TRENDS.POINTS_SHARE_CHANGE,
    TRENDS.STREAMS_CHANGE,
    EDITIONS.EDITIONS_AGO,
    EDITIONS.IS_LATEST,
    TRENDS.ARTIST_ID,
    ARTISTS.URL
FROM {{ database }}.CORE.ARTIST_TRENDS AS TRENDS
INNER JOIN {{ database }}.CORE.EDITIONS AS EDITIONS
    ON
        TRENDS.SNAPSHOT_DATE = EDITIONS.SNAPSHOT_DATE
        AND TRENDS.CHART_ID = EDITIONS.CHART_ID
LEFT JOIN {{ database }}.CORE.ARTISTS AS ARTISTS
    ON
        TRENDS.SNAPSHOT_DATE = ARTISTS.SNAPSHOT_DATE
        AND TRENDS.ARTIST_ID = ARTISTS.ARTIST_ID;

CREATE OR REPLACE VIEW {{ database }}.MARTS.CHART_PULSE (
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    CHART_NAME COMMENT 'Name in charts.toml when captured',
    MARKET COMMENT 'ISO 3166 country code in lower case, or global',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    PREVIOUS_EDITION_ON COMMENT 'Edition before, that this one is compared with; null on the first one',
    ENTRIES COMMENT 'Songs on the chart',
    DEBUTS COMMENT 'Songs never on it before',
    RE_ENTRIES COMMENT 'Songs that came back',
    EXITS COMMENT 'Songs of the edition before that are gone',
    TURNOVER COMMENT 'Share of songs not on the edition before; null on the first one',
    MEDIAN_DURATION_MS COMMENT 'Median length of the songs, milliseconds',
    EXPLICIT_SHARE COMMENT 'Explicit songs / songs that say whether they are',
    MEDIAN_RELEASE_AGE_DAYS COMMENT 'Median days since release, of dates known to the day',
    ARTIST_CONCENTRATION COMMENT 'Herfindahl index of chart points over artists: 1 is one artist',
    EDITIONS_AGO COMMENT 'Editions of the chart since: 0 is its newest',
    IS_LATEST COMMENT 'Whether this is the chart''s newest edition'
)
COPY GRANTS
COMMENT = 'One row per chart and edition: how lively it was, and what it is made of.'
AS
SELECT
    EDITIONS.CHART_ID,
    EDITIONS.CHART_NAME,
    EDITIONS.MARKET,
    EDITIONS.CADENCE,
    EDITIONS.SNAPSHOT_DATE,
    EDITIONS.PREVIOUS_EDITION_ON,
    SUMMARY.ENTRIES,
    SUMMARY.DEBUTS,
    SUMMARY.RE_ENTRIES,
    SUMMARY.EXITS,
    SUMMARY.TURNOVER,
    SUMMARY.MEDIAN_DURATION_MS,
    SUMMARY.EXPLICIT_SHARE,
    SUMMARY.MEDIAN_RELEASE_AGE_DAYS,
    SUMMARY.ARTIST_CONCENTRATION,
    EDITIONS.EDITIONS_AGO,
    EDITIONS.IS_LATEST
FROM {{ database }}.CORE.CHART_SUMMARY AS SUMMARY
INNER JOIN {{ database }}.CORE.EDITIONS AS EDITIONS
    ON
        SUMMARY.SNAPSHOT_DATE = EDITIONS.SNAPSHOT_DATE
        AND SUMMARY.CHART_ID = EDITIONS.CHART_ID;
