"""The contract: tables, paths and chart configuration. Uses only the standard library.

Every package may import this one; it imports none of ours.
"""
