-- Which artists hold the most of each chart now, by the points of their songs? The top scores most.
SELECT
    chart_name,
    artist,
    songs,
    best_rank,
    ROUND(100 * points_share, 1) AS share_percent,
    ROUND(100 * points_share_change, 1) AS change_in_points
FROM chartlake.artist_share
WHERE is_latest
ORDER BY chart_name ASC, points_share DESC, artist ASC;
