"""Builds the tables of a range of days."""
