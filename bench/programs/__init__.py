"""The programs that the benchmarks measure; each module runs in its own process."""
