"""Sets up access to Spotify: the user's consent, and a check of the settings."""
