"""A stand-in for Spotify: its documented Web API over real HTTP, with charts to serve.

The charts are either simulated (`simulated_charts`) or replayed from a folder (`recorded_days`).
"""
