"""Benchmarks that run on this machine: `make bench`. One module per measure."""
