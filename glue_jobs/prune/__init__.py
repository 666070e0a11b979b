"""Finds superseded runs and old checkpoints, and deletes them on request."""
