"""Runs the Spark jobs on this machine."""
