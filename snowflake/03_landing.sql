-- One table per curated table: the contract's columns in its order, then where the row came from.
--
-- Nothing is NOT NULL here: landing takes what arrives, the job's quality gate has judged it, and a
-- constraint would make Snowpipe refuse a whole file and leave a run incomplete silently.
-- Instants are TIMESTAMP_LTZ, which keeps the instant alone and shows it in the reader's time zone.
-- TIMESTAMP_TZ would freeze the loading session's offset into every row.
USE ROLE {{ prefix }}_LOADER;

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.CHART_SNAPSHOTS (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID VARCHAR COMMENT 'Chart, as named in charts.toml',
    CHART_NAME VARCHAR COMMENT 'Name in charts.toml when captured',
    MARKET VARCHAR COMMENT 'ISO 3166 country code in lower case, or global',
    CADENCE VARCHAR COMMENT 'daily or weekly: how often Spotify publishes an edition',
    SOURCE VARCHAR COMMENT 'playlist or charts_csv',
    EXPECTS_CHANGE BOOLEAN COMMENT 'False where the chart may stay the same for days; null counts as true',
    DAYS_BEHIND NUMBER(38, 0) COMMENT 'Days from Spotify''s own date of the chart to snapshot_date; null counts as 0',
    CAPTURED_AT TIMESTAMP_LTZ COMMENT 'When the capture began, or the chart file came into raw',
    REFRESHED_AT TIMESTAMP_LTZ COMMENT 'Newest added_at of the entries; null where Spotify omits it',
    SPOTIFY_SNAPSHOT_ID VARCHAR COMMENT 'Spotify''s version of the playlist; null for charts_csv',
    ENTRIES NUMBER(38, 0) COMMENT 'Positions that hold a track',
    NULL_ENTRIES NUMBER(38, 0) COMMENT 'Positions without a track, or whose track was taken down',
    LOCAL_ENTRIES NUMBER(38, 0) COMMENT 'Positions left out because they hold a local file',
    EPISODE_ENTRIES NUMBER(38, 0) COMMENT 'Positions left out because they hold a podcast episode',
    REJECTED_ENTRIES NUMBER(38, 0) COMMENT 'Positions left out because unreadable; see quarantine',
    EDITION_HASH VARCHAR COMMENT 'Hash of ranks and track ids: equal for equal editions',
    IS_REPEAT BOOLEAN COMMENT 'True where the chart still shows the edition before',
    SOURCE_FILE VARCHAR COMMENT 'Raw file that the day was read from',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per chart and date: the last capture of that day.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.CHART_ENTRIES (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID VARCHAR COMMENT 'Chart, as named in charts.toml',
    RANK NUMBER(38, 0) COMMENT 'Position on the chart, 1 is the top; left-out positions leave a gap',
    TRACK_ID VARCHAR COMMENT 'Spotify''s track id',
    SONG_ID VARCHAR COMMENT 'Song through its re-releases and renamings: its first song_key',
    SONG_KEY VARCHAR COMMENT 'Hash of the title and artists that the entry shows; null before identity version 2',
    STREAMS NUMBER(38, 0) COMMENT 'Streams on that day or week; null unless the source is charts_csv',
    POPULARITY NUMBER(38, 0) COMMENT 'Spotify''s popularity, 0 to 100; null where the API omits it',
    ADDED_AT TIMESTAMP_LTZ COMMENT 'When the entry was put on the playlist',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per chart, date and rank.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.TRACKS (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    TRACK_ID VARCHAR COMMENT 'Spotify''s track id',
    SONG_ID VARCHAR COMMENT 'Song through its re-releases and renamings: its first song_key',
    NAME VARCHAR COMMENT 'Title as Spotify shows it',
    DURATION_MS NUMBER(38, 0) COMMENT 'Length in milliseconds',
    EXPLICIT BOOLEAN COMMENT 'Whether the lyrics are marked explicit',
    ISRC VARCHAR COMMENT 'International Standard Recording Code',
    POPULARITY NUMBER(38, 0) COMMENT 'Spotify''s popularity, 0 to 100; null where the API omits it',
    URL VARCHAR COMMENT 'Page of the track on open.spotify.com',
    ALBUM_ID VARCHAR COMMENT 'Spotify''s album id',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per track and date seen on any chart.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.ALBUMS (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    ALBUM_ID VARCHAR COMMENT 'Spotify''s album id',
    NAME VARCHAR COMMENT 'Title; empty after a takedown',
    ALBUM_TYPE VARCHAR COMMENT 'album, single or compilation',
    RELEASE_DATE DATE COMMENT 'First day of the release date; read with its precision',
    RELEASE_DATE_PRECISION VARCHAR COMMENT 'day, month or year: what of release_date is known',
    TOTAL_TRACKS NUMBER(38, 0) COMMENT 'Number of tracks',
    LABEL VARCHAR COMMENT 'Record label; null where the API omits it',
    URL VARCHAR COMMENT 'Page of the album on open.spotify.com',
    IMAGE_URL VARCHAR COMMENT 'Largest cover image',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per album and date seen on any chart.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.ARTISTS (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    ARTIST_ID VARCHAR COMMENT 'Spotify''s artist id; name: and the name where the source gives none',
    NAME VARCHAR COMMENT 'Name as Spotify shows it; null where it gives none',
    URL VARCHAR COMMENT 'Page of the artist on open.spotify.com',
    FOLLOWERS NUMBER(38, 0) COMMENT 'Followers; null where the API omits it',
    POPULARITY NUMBER(38, 0) COMMENT 'Spotify''s popularity, 0 to 100; null where the API omits it',
    GENRES ARRAY COMMENT 'Spotify''s genres; null where the API omits them',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per artist and date seen on any chart.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.TRACK_ARTISTS (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    TRACK_ID VARCHAR COMMENT 'Spotify''s track id',
    ARTIST_ID VARCHAR COMMENT 'Spotify''s artist id',
    POSITION NUMBER(38, 0) COMMENT 'Place in the credits, 1 is the first',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per track, credited artist and date seen on any chart.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.SONG_TRENDS (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID VARCHAR COMMENT 'Chart, as named in charts.toml',
    SONG_ID VARCHAR COMMENT 'Song through its re-releases and renamings: its first song_key',
    TRACK_ID VARCHAR COMMENT 'Track that holds the song''s better rank',
    RANK NUMBER(38, 0) COMMENT 'Position on the chart, 1 is the top',
    PREVIOUS_RANK NUMBER(38, 0) COMMENT 'Rank in the edition before; null when not on it',
    RANK_CHANGE NUMBER(38, 0) COMMENT 'previous_rank - rank: positive is a climb',
    PEAK_RANK NUMBER(38, 0) COMMENT 'Best rank so far, this edition included',
    DAYS_ON_CHART NUMBER(38, 0) COMMENT 'Editions on the chart so far; weeks on a weekly chart; no reset',
    STREAK_DAYS NUMBER(38, 0) COMMENT 'Editions on the chart without a break, this one included',
    FIRST_CHARTED_ON DATE COMMENT 'First edition that the song stood on',
    MOVEMENT VARCHAR COMMENT 'debut, re_entry, up, down or same',
    STREAMS NUMBER(38, 0) COMMENT 'Streams on that day or week; null unless the source is charts_csv',
    STREAMS_CHANGE NUMBER(38, 0) COMMENT 'Streams less those of the edition before',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per chart, song and edition that it stands on, at its better rank; repeats have none.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.CHART_EXITS (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID VARCHAR COMMENT 'Chart, as named in charts.toml',
    SONG_ID VARCHAR COMMENT 'Song through its re-releases and renamings: its first song_key',
    TRACK_ID VARCHAR COMMENT 'Track that the song last stood with',
    LAST_RANK NUMBER(38, 0) COMMENT 'Rank in the edition before',
    PEAK_RANK NUMBER(38, 0) COMMENT 'Best rank so far',
    DAYS_ON_CHART NUMBER(38, 0) COMMENT 'Editions on the chart so far; weeks on a weekly chart',
    STREAK_DAYS NUMBER(38, 0) COMMENT 'Editions without a break that ended',
    LAST_CHARTED_ON DATE COMMENT 'Edition before, which still showed it',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per chart, song and edition that no longer shows it.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.ARTIST_TRENDS (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID VARCHAR COMMENT 'Chart, as named in charts.toml',
    ARTIST_ID VARCHAR COMMENT 'Spotify''s artist id',
    SONGS NUMBER(38, 0) COMMENT 'Songs on the chart, shared credits included',
    BEST_RANK NUMBER(38, 0) COMMENT 'Best rank of those songs',
    CHART_POINTS NUMBER(38, 0) COMMENT 'Sum over those songs of the chart''s size + 1 - rank',
    POINTS_SHARE FLOAT COMMENT 'chart_points / points of all songs; shared credits count in full',
    STREAMS NUMBER(38, 0) COMMENT 'Streams of those songs; null unless the source is charts_csv',
    SONGS_CHANGE NUMBER(38, 0) COMMENT 'songs less those of the edition before; null when not on it',
    POINTS_SHARE_CHANGE FLOAT COMMENT 'points_share less that of the edition before',
    STREAMS_CHANGE NUMBER(38, 0) COMMENT 'Streams less those of the edition before',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per chart, credited artist and edition with a song of theirs.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.CHART_SUMMARY (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID VARCHAR COMMENT 'Chart, as named in charts.toml',
    ENTRIES NUMBER(38, 0) COMMENT 'Songs on the chart',
    DEBUTS NUMBER(38, 0) COMMENT 'Songs never on it before',
    RE_ENTRIES NUMBER(38, 0) COMMENT 'Songs that came back',
    EXITS NUMBER(38, 0) COMMENT 'Songs of the edition before that are gone',
    TURNOVER FLOAT COMMENT 'Share of songs not on the edition before; null on the first one',
    MEDIAN_DURATION_MS FLOAT COMMENT 'Median length of the songs, milliseconds',
    EXPLICIT_SHARE FLOAT COMMENT 'Explicit songs / songs that say whether they are',
    MEDIAN_RELEASE_AGE_DAYS FLOAT COMMENT 'Median days since release, of dates known to the day',
    ARTIST_CONCENTRATION FLOAT COMMENT 'Herfindahl index of chart points over artists: 1 is one artist',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per chart and edition.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.QUARANTINE (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID VARCHAR COMMENT 'Chart, where the file or its folder says it',
    SOURCE_FILE VARCHAR COMMENT 'Raw file',
    POSITION NUMBER(38, 0) COMMENT 'Position of the record in its file; 0 for the whole file',
    REASON VARCHAR COMMENT 'What is wrong, in a sentence',
    RECORD VARCHAR COMMENT 'The record as it came, at most its first 10,000 characters',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per rejected raw file or record.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.QUALITY_RESULTS (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    CHART_ID VARCHAR COMMENT 'Chart, as named in charts.toml',
    RULE VARCHAR COMMENT 'Name of the rule',
    OBSERVED FLOAT COMMENT 'What was found',
    LIMIT_VALUE FLOAT COMMENT 'What is allowed',
    PASSED BOOLEAN COMMENT 'False holds the chart back on that date',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per chart, date and rule.';

CREATE TABLE IF NOT EXISTS {{ database }}.LANDING.LOAD_MANIFEST (
    SNAPSHOT_DATE DATE COMMENT 'Day of the chart: the UTC day of its capture, or the date of its chart file',
    TABLE_NAME VARCHAR COMMENT 'Table that the run wrote',
    ROW_COUNT NUMBER(38, 0) COMMENT 'Rows that it wrote for the date; 0 where none',
    PUBLISHED_AT TIMESTAMP_LTZ COMMENT 'When the run began to publish',
    IDENTITY_VERSION NUMBER(38, 0) COMMENT 'Version of the song and artist ids of the run; null means 1',
    RUN_ID VARCHAR COMMENT 'Run of build_tables that wrote the row; sorts by time',
    SRC_FILE VARCHAR COMMENT 'File that the row came from, its key in the bucket',
    SRC_ROW NUMBER(38, 0) COMMENT 'Line of that file',
    LOADED_AT TIMESTAMP_LTZ COMMENT 'When the pipe began to read the file'
)
COMMENT = 'One row per table, date and run, written after every other table of the run.';

-- Columns that are newer than their tables, for warehouses that have the tables already.

ALTER TABLE {{ database }}.LANDING.CHART_SNAPSHOTS
ADD COLUMN IF NOT EXISTS EXPECTS_CHANGE BOOLEAN COMMENT 'False where the chart may stay the same for days; null counts as true';

ALTER TABLE {{ database }}.LANDING.CHART_SNAPSHOTS
ADD COLUMN IF NOT EXISTS DAYS_BEHIND NUMBER(38, 0) COMMENT 'Days from Spotify''s own date of the chart to snapshot_date; null counts as 0';

ALTER TABLE {{ database }}.LANDING.CHART_ENTRIES
ADD COLUMN IF NOT EXISTS SONG_KEY VARCHAR COMMENT 'Hash of the title and artists that the entry shows; null before identity version 2';

ALTER TABLE {{ database }}.LANDING.LOAD_MANIFEST
ADD COLUMN IF NOT EXISTS IDENTITY_VERSION NUMBER(38, 0) COMMENT 'Version of the song and artist ids of the run; null means 1';
