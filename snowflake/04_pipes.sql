-- One pipe per table: a new file in S3 is loaded within a minute or so.
--
-- A pipe remembers which files it has loaded, and forgets them when it is replaced: IF NOT EXISTS,
-- for ever. The README says how to change one. The pattern says what a finished file is called, so
-- that the copies which Spark writes below _temporary and staging folders are left alone. Snowpipe
-- matches it against what follows the stage's own path: tracks/dt=..., never curated/tracks/dt=...
{% for table in [
    'CHART_SNAPSHOTS', 'CHART_ENTRIES', 'TRACKS', 'ALBUMS', 'ARTISTS', 'TRACK_ARTISTS',
    'SONG_TRENDS', 'CHART_EXITS', 'ARTIST_TRENDS', 'CHART_SUMMARY',
    'QUARANTINE', 'QUALITY_RESULTS', 'LOAD_MANIFEST',
] %}
CREATE PIPE IF NOT EXISTS {{ database }}.LANDING.{{ table }}_PIPE
AUTO_INGEST = TRUE
COMMENT = 'Loads the files of curated/{{ table | lower }}/'
AS
COPY INTO {{ database }}.LANDING.{{ table }}
FROM @{{ database }}.LANDING.CURATED/{{ table | lower }}/
PATTERN = '(.*/)?{{ table | lower }}/dt=[0-9-]+/run=[0-9A-Za-z-]+/part-[^/]+[.]parquet'
FILE_FORMAT = (FORMAT_NAME = '{{ database }}.LANDING.PARQUET_FILES')
MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE
INCLUDE_METADATA = (
    SRC_FILE = METADATA$FILENAME,
    SRC_ROW = METADATA$FILE_ROW_NUMBER,
    LOADED_AT = METADATA$START_SCAN_TIME
);
{% endfor %}
