-- One pipe per table: a new file in S3 is loaded within a minute or so.
--
-- A pipe remembers which files it has loaded, and forgets them when it is replaced: IF NOT EXISTS,
-- for ever. The README says how to change one. The pattern says what a finished file is called, so
-- that the copies which Spark writes below _temporary and staging folders are left alone. Snowpipe
-- matches it against what follows the stage's own path: tracks/dt=..., never curated/tracks/dt=...
--
-- A file that cannot be read is skipped, and the skip goes to the alarm topic at once: the
-- notification needs SKIP_FILE, which is a pipe's default and said here so that it stays.
USE ROLE {{ prefix }}_LOADER;
{% for table in [
    'CHART_SNAPSHOTS', 'CHART_ENTRIES', 'TRACKS', 'ALBUMS', 'ARTISTS', 'TRACK_ARTISTS',
    'SONG_TRENDS', 'CHART_EXITS', 'ARTIST_TRENDS', 'CHART_SUMMARY', 'QUARANTINE', 'QUALITY_RESULTS',
    'LOAD_MANIFEST',
] %}
CREATE PIPE IF NOT EXISTS {{ database }}.LANDING.{{ table }}_PIPE
AUTO_INGEST = TRUE
ERROR_INTEGRATION = {{ prefix }}_ALARMS
COMMENT = 'Loads the files of curated/{{ table | lower }}/'
AS
COPY INTO {{ database }}.LANDING.{{ table }}
FROM @{{ database }}.LANDING.CURATED/{{ table | lower }}/
PATTERN = '(.*/)?{{ table | lower }}/dt=[0-9-]+/run=[0-9A-Za-z-]+/part-[^/]+[.]parquet'
FILE_FORMAT = (FORMAT_NAME = '{{ database }}.LANDING.PARQUET_FILES')
MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE
ON_ERROR = SKIP_FILE
INCLUDE_METADATA = (
    SRC_FILE = METADATA$FILENAME,
    SRC_ROW = METADATA$FILE_ROW_NUMBER,
    LOADED_AT = METADATA$START_SCAN_TIME
);
{% endfor %}
