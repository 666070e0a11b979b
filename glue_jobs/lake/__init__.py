"""Reads and writes the lake: published runs, checkpoints, commits."""
