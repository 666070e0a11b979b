"""The extract Lambda: Spotify's charts -> raw JSON in the lake, exactly as Spotify sent them."""
