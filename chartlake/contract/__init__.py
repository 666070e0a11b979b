"""The contract: tables, paths and chart configuration, in the standard library alone.

Everything may import this package; it imports nothing of ours.
"""
