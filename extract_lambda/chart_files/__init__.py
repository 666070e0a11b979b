"""Chart files from charts.spotify.com: validated, then kept unchanged in raw."""
