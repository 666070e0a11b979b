-- Where the curated Parquet files lie, and how they are read.
USE ROLE {{ prefix }}_LOADER;

-- With logical types a date arrives as a date and an instant as an instant, not as a number.
CREATE FILE FORMAT IF NOT EXISTS {{ database }}.LANDING.PARQUET_FILES
    TYPE = PARQUET
    USE_LOGICAL_TYPE = TRUE
    COMMENT = 'Files of the build_tables job';

-- Replacing a stage breaks every pipe that reads it: IF NOT EXISTS, for ever.
CREATE STAGE IF NOT EXISTS {{ database }}.LANDING.CURATED
    URL = 's3://{{ bucket }}/curated/'
    STORAGE_INTEGRATION = {{ prefix }}_S3
    FILE_FORMAT = (FORMAT_NAME = '{{ database }}.LANDING.PARQUET_FILES')
    COMMENT = 'The curated lake: <table>/dt=<date>/run=<run_id>/part-*.parquet';
