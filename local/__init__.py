"""The whole pipeline on one machine: no cloud account, no Spotify account."""
