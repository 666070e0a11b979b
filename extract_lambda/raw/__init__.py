"""The storage and the format of raw files."""
