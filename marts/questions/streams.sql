-- Which songs gained and lost the most streams with the newest edition? Charts from charts.spotify.com only.
SELECT
    chart_name,
    title,
    artists,
    rank,
    streams,
    streams_change
FROM chartlake.song_moves
WHERE is_latest AND streams_change IS NOT NULL
ORDER BY streams_change DESC, chart_name ASC, rank ASC;
