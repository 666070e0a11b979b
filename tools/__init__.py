"""What makes the files that AWS runs: `make build`."""
