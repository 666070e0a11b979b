"""Builds the files that AWS runs: `make build`."""
