-- One row per track and date seen: its title, and its artists in the order of the credits.
--
-- snapshot_date: Day of the chart: the UTC day of its capture, or the date of its chart file
-- track_id: Spotify's track id
-- title: Title as Spotify showed it that day
-- artists: Credited artists, in the order of the credits
-- url: Page of the track on open.spotify.com
WITH credits AS (
    SELECT
        track_artists.snapshot_date,
        track_artists.track_id,
        << joined("artists.name", "track_artists.position") >> AS artists
    FROM chartlake.track_artists AS track_artists
    INNER JOIN chartlake.artists AS artists
        ON
            track_artists.snapshot_date = artists.snapshot_date
            AND track_artists.artist_id = artists.artist_id
    GROUP BY track_artists.snapshot_date, track_artists.track_id
)

SELECT
    tracks.snapshot_date,
    tracks.track_id,
    tracks.name AS title,
    credits.artists,
    tracks.url
FROM chartlake.tracks AS tracks
LEFT JOIN credits
    ON
        tracks.snapshot_date = credits.snapshot_date
        AND tracks.track_id = credits.track_id
