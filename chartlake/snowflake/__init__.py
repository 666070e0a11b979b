"""Deploys and operates the SQL of `snowflake/`: plan, deploy, reconcile, prune, smoke test.

The code cannot live in `snowflake/`: Python there would hide `snowflake.connector`.
"""
