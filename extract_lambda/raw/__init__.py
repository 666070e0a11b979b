"""Where raw files are stored, and how they are written."""
