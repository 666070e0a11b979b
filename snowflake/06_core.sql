-- What is current: each curated table, with the rows of the newest complete run of each date alone.
--
-- A row is the file and line that it came from, so a file that was loaded twice counts once. The
-- date stands in the partition too, so that a question about one day reads one day.
USE ROLE {{ prefix }}_TRANSFORMER;

CREATE OR REPLACE VIEW {{ database }}.CORE.CHART_SNAPSHOTS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    CHART_NAME COMMENT 'Name in charts.toml when captured',
    MARKET COMMENT 'ISO 3166 country code in lower case, or global',
    CADENCE COMMENT 'daily or weekly: how often Spotify publishes an edition',
    SOURCE COMMENT 'playlist or charts_csv',
    EXPECTS_CHANGE COMMENT 'False where the chart may stay the same for days; null counts as true',
    DAYS_BEHIND COMMENT 'Days from Spotify''s own date of the chart to snapshot_date; null counts as 0',
    CAPTURED_AT COMMENT 'When the capture began, or the chart file came into raw',
    REFRESHED_AT COMMENT 'Newest added_at of the entries; null where Spotify omits it',
    SPOTIFY_SNAPSHOT_ID COMMENT 'Spotify''s version of the playlist; null for charts_csv',
    ENTRIES COMMENT 'Positions that hold a track',
    NULL_ENTRIES COMMENT 'Positions without a track, or whose track was taken down',
    LOCAL_ENTRIES COMMENT 'Positions left out because they hold a local file',
    EPISODE_ENTRIES COMMENT 'Positions left out because they hold a podcast episode',
    REJECTED_ENTRIES COMMENT 'Positions left out because unreadable; see quarantine',
    EDITION_HASH COMMENT 'Hash of ranks and track ids: equal for equal editions',
    IS_REPEAT COMMENT 'True where the chart still shows the edition before',
    SOURCE_FILE COMMENT 'Raw file that the day was read from'
)
COPY GRANTS
COMMENT = 'One row per chart and date: the last capture of that day.'
AS
SELECT
    SNAPSHOT_DATE,
    CHART_ID,
    CHART_NAME,
    MARKET,
    CADENCE,
    SOURCE,
    EXPECTS_CHANGE,
    DAYS_BEHIND,
    CAPTURED_AT,
    REFRESHED_AT,
    SPOTIFY_SNAPSHOT_ID,
    ENTRIES,
    NULL_ENTRIES,
    LOCAL_ENTRIES,
    EPISODE_ENTRIES,
    REJECTED_ENTRIES,
    EDITION_HASH,
    IS_REPEAT,
    SOURCE_FILE
FROM {{ database }}.LANDING.CHART_SNAPSHOTS
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.CHART_ENTRIES (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    RANK COMMENT 'Position on the chart, 1 is the top; left-out positions leave a gap',
    TRACK_ID COMMENT 'Spotify''s track id',
    SONG_ID COMMENT 'Song through its re-releases and renamings: its first song_key',
    SONG_KEY COMMENT 'Hash of the title and artists that the entry shows; null before identity version 2',
    STREAMS COMMENT 'Streams on that day or week; null unless the source is charts_csv',
    POPULARITY COMMENT 'Spotify''s popularity, 0 to 100; null where the API omits it',
    ADDED_AT COMMENT 'When the entry was put on the playlist'
)
COPY GRANTS
COMMENT = 'One row per chart, date and rank.'
AS
SELECT
    SNAPSHOT_DATE,
    CHART_ID,
    RANK,
    TRACK_ID,
    SONG_ID,
    SONG_KEY,
    STREAMS,
    POPULARITY,
    ADDED_AT
FROM {{ database }}.LANDING.CHART_ENTRIES
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.TRACKS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    TRACK_ID COMMENT 'Spotify''s track id',
    SONG_ID COMMENT 'Song through its re-releases and renamings: its first song_key',
    NAME COMMENT 'Title as Spotify shows it',
    DURATION_MS COMMENT 'Length in milliseconds',
    EXPLICIT COMMENT 'Whether the lyrics are marked explicit',
    ISRC COMMENT 'International Standard Recording Code',
    POPULARITY COMMENT 'Spotify''s popularity, 0 to 100; null where the API omits it',
    URL COMMENT 'Page of the track on open.spotify.com',
    ALBUM_ID COMMENT 'Spotify''s album id'
)
COPY GRANTS
COMMENT = 'One row per track and date seen on any chart.'
AS
SELECT
    SNAPSHOT_DATE,
    TRACK_ID,
    SONG_ID,
    NAME,
    DURATION_MS,
    EXPLICIT,
    ISRC,
    POPULARITY,
    URL,
    ALBUM_ID
FROM {{ database }}.LANDING.TRACKS
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.ALBUMS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    ALBUM_ID COMMENT 'Spotify''s album id',
    NAME COMMENT 'Title; empty after a takedown',
    ALBUM_TYPE COMMENT 'album, single or compilation',
    RELEASE_DATE COMMENT 'First day of the release date; read with its precision',
    RELEASE_DATE_PRECISION COMMENT 'day, month or year: what of release_date is known',
    TOTAL_TRACKS COMMENT 'Number of tracks',
    LABEL COMMENT 'Record label; null where the API omits it',
    URL COMMENT 'Page of the album on open.spotify.com',
    IMAGE_URL COMMENT 'Largest cover image'
)
COPY GRANTS
COMMENT = 'One row per album and date seen on any chart.'
AS
SELECT
    SNAPSHOT_DATE,
    ALBUM_ID,
    NAME,
    ALBUM_TYPE,
    RELEASE_DATE,
    RELEASE_DATE_PRECISION,
    TOTAL_TRACKS,
    LABEL,
    URL,
    IMAGE_URL
FROM {{ database }}.LANDING.ALBUMS
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.ARTISTS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    ARTIST_ID COMMENT 'Spotify''s artist id; name: and the name where the source gives none',
    NAME COMMENT 'Name as Spotify shows it; null where it gives none',
    URL COMMENT 'Page of the artist on open.spotify.com',
    FOLLOWERS COMMENT 'Followers; null where the API omits it',
    POPULARITY COMMENT 'Spotify''s popularity, 0 to 100; null where the API omits it',
    GENRES COMMENT 'Spotify''s genres; null where the API omits them'
)
COPY GRANTS
COMMENT = 'One row per artist and date seen on any chart.'
AS
SELECT
    SNAPSHOT_DATE,
    ARTIST_ID,
    NAME,
    URL,
    FOLLOWERS,
    POPULARITY,
    GENRES
FROM {{ database }}.LANDING.ARTISTS
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.TRACK_ARTISTS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    TRACK_ID COMMENT 'Spotify''s track id',
    ARTIST_ID COMMENT 'Spotify''s artist id',
    POSITION COMMENT 'Place in the credits, 1 is the first'
)
COPY GRANTS
COMMENT = 'One row per track, credited artist and date seen on any chart.'
AS
SELECT
    SNAPSHOT_DATE,
    TRACK_ID,
    ARTIST_ID,
    POSITION
FROM {{ database }}.LANDING.TRACK_ARTISTS
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.SONG_TRENDS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    SONG_ID COMMENT 'Song through its re-releases and renamings: its first song_key',
    TRACK_ID COMMENT 'Track that holds the song''s better rank',
    RANK COMMENT 'Position on the chart, 1 is the top',
    PREVIOUS_RANK COMMENT 'Rank in the edition before; null when not on it',
    RANK_CHANGE COMMENT 'previous_rank - rank: positive is a climb',
    PEAK_RANK COMMENT 'Best rank so far, this edition included',
    DAYS_ON_CHART COMMENT 'Editions on the chart so far; weeks on a weekly chart; no reset',
    STREAK_DAYS COMMENT 'Editions on the chart without a break, this one included',
    FIRST_CHARTED_ON COMMENT 'First edition that the song stood on',
    MOVEMENT COMMENT 'debut, re_entry, up, down or same',
    STREAMS COMMENT 'Streams on that day or week; null unless the source is charts_csv',
    STREAMS_CHANGE COMMENT 'Streams less those of the edition before'
)
COPY GRANTS
COMMENT = 'One row per chart, song and edition that it stands on, at its better rank; repeats have none.'
AS
SELECT
    SNAPSHOT_DATE,
    CHART_ID,
    SONG_ID,
    TRACK_ID,
    RANK,
    PREVIOUS_RANK,
    RANK_CHANGE,
    PEAK_RANK,
    DAYS_ON_CHART,
    STREAK_DAYS,
    FIRST_CHARTED_ON,
    MOVEMENT,
    STREAMS,
    STREAMS_CHANGE
FROM {{ database }}.LANDING.SONG_TRENDS
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.CHART_EXITS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    SONG_ID COMMENT 'Song through its re-releases and renamings: its first song_key',
    TRACK_ID COMMENT 'Track that the song last stood with',
    LAST_RANK COMMENT 'Rank in the edition before',
    PEAK_RANK COMMENT 'Best rank so far',
    DAYS_ON_CHART COMMENT 'Editions on the chart so far; weeks on a weekly chart',
    STREAK_DAYS COMMENT 'Editions without a break that ended',
    LAST_CHARTED_ON COMMENT 'Edition before, which still showed it'
)
COPY GRANTS
COMMENT = 'One row per chart, song and edition that no longer shows it.'
AS
SELECT
    SNAPSHOT_DATE,
    CHART_ID,
    SONG_ID,
    TRACK_ID,
    LAST_RANK,
    PEAK_RANK,
    DAYS_ON_CHART,
    STREAK_DAYS,
    LAST_CHARTED_ON
FROM {{ database }}.LANDING.CHART_EXITS
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.ARTIST_TRENDS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    ARTIST_ID COMMENT 'Spotify''s artist id',
    SONGS COMMENT 'Songs on the chart, shared credits included',
    BEST_RANK COMMENT 'Best rank of those songs',
    CHART_POINTS COMMENT 'Sum over those songs of the chart''s size + 1 - rank',
    POINTS_SHARE COMMENT 'chart_points / points of all songs; shared credits count in full',
    STREAMS COMMENT 'Streams of those songs; null unless the source is charts_csv',
    SONGS_CHANGE COMMENT 'songs less those of the edition before; null when not on it',
    POINTS_SHARE_CHANGE COMMENT 'points_share less that of the edition before',
    STREAMS_CHANGE COMMENT 'Streams less those of the edition before'
)
COPY GRANTS
COMMENT = 'One row per chart, credited artist and edition with a song of theirs.'
AS
SELECT
    SNAPSHOT_DATE,
    CHART_ID,
    ARTIST_ID,
    SONGS,
    BEST_RANK,
    CHART_POINTS,
    POINTS_SHARE,
    STREAMS,
    SONGS_CHANGE,
    POINTS_SHARE_CHANGE,
    STREAMS_CHANGE
FROM {{ database }}.LANDING.ARTIST_TRENDS
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.CHART_SUMMARY (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    ENTRIES COMMENT 'Songs on the chart',
    DEBUTS COMMENT 'Songs never on it before',
    RE_ENTRIES COMMENT 'Songs that came back',
    EXITS COMMENT 'Songs of the edition before that are gone',
    TURNOVER COMMENT 'Share of songs not on the edition before; null on the first one',
    MEDIAN_DURATION_MS COMMENT 'Median length of the songs, milliseconds',
    EXPLICIT_SHARE COMMENT 'Explicit songs / songs that say whether they are',
    MEDIAN_RELEASE_AGE_DAYS COMMENT 'Median days since release, of dates known to the day',
    ARTIST_CONCENTRATION COMMENT 'Herfindahl index of chart points over artists: 1 is one artist'
)
COPY GRANTS
COMMENT = 'One row per chart and edition.'
AS
SELECT
    SNAPSHOT_DATE,
    CHART_ID,
    ENTRIES,
    DEBUTS,
    RE_ENTRIES,
    EXITS,
    TURNOVER,
    MEDIAN_DURATION_MS,
    EXPLICIT_SHARE,
    MEDIAN_RELEASE_AGE_DAYS,
    ARTIST_CONCENTRATION
FROM {{ database }}.LANDING.CHART_SUMMARY
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.QUARANTINE (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID COMMENT 'Chart, where the file or its folder says it',
    SOURCE_FILE COMMENT 'Raw file',
    POSITION COMMENT 'Position of the record in its file; 0 for the whole file',
    REASON COMMENT 'What is wrong, in a sentence',
    RECORD COMMENT 'The record as it came, at most its first 10,000 characters'
)
COPY GRANTS
COMMENT = 'One row per rejected raw file or record.'
AS
SELECT
    SNAPSHOT_DATE,
    CHART_ID,
    SOURCE_FILE,
    POSITION,
    REASON,
    RECORD
FROM {{ database }}.LANDING.QUARANTINE
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;

CREATE OR REPLACE VIEW {{ database }}.CORE.QUALITY_RESULTS (
    SNAPSHOT_DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID COMMENT 'Chart, as named in charts.toml',
    RULE COMMENT 'Name of the rule',
    OBSERVED COMMENT 'What was found',
    LIMIT_VALUE COMMENT 'What is allowed',
    PASSED COMMENT 'False holds the chart back on that date'
)
COPY GRANTS
COMMENT = 'One row per chart, date and rule.'
AS
SELECT
    SNAPSHOT_DATE,
    CHART_ID,
    RULE,
    OBSERVED,
    LIMIT_VALUE,
    PASSED
FROM {{ database }}.LANDING.QUALITY_RESULTS
WHERE (SNAPSHOT_DATE, RUN_ID) IN (SELECT SNAPSHOT_DATE, RUN_ID FROM {{ database }}.LANDING.CURRENT_RUNS)
QUALIFY ROW_NUMBER() OVER (PARTITION BY SNAPSHOT_DATE, SRC_FILE, SRC_ROW ORDER BY LOADED_AT) = 1;
