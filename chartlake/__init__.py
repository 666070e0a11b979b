"""Spotify's charts, every day, and what changes in them.

Importing this package loads the standard library alone; each of its rooms loads what it needs.
"""
