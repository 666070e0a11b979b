"""Compares our trends with the columns of Spotify's own chart files."""
