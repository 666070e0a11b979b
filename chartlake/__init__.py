"""Spotify's daily charts, and what changes in them.

Importing this package loads only the standard library; each subpackage loads what it needs.
"""
