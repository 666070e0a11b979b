"""Deploys and queries the SQL of `athena/` on AWS; `stand_in` does the same on this machine."""
