"""One pure function per curated table, and the pipeline that connects them."""
