"""Raw files -> frames: one row per capture, one row per position."""
