"""The client of Spotify's Web API."""
