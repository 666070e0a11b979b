"""The Spark jobs: raw JSON -> curated Parquet tables, unchanged on Glue and on a laptop."""
