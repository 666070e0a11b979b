-- Which artists have gained and lost the most of a chart over its last seven editions? None held counts as 0.
WITH recent AS (
    SELECT
        chart_id,
        chart_name,
        artist_id,
        artist,
        editions_ago,
        points_share,
        MAX(editions_ago) OVER (PARTITION BY chart_id) AS oldest
    FROM chartlake.artist_share
    WHERE editions_ago < 7
),

shares AS (
    SELECT
        chart_name,
        MAX(artist) AS artist,
        MAX(CASE WHEN editions_ago = oldest THEN points_share ELSE 0 END) AS share_before,
        MAX(CASE WHEN editions_ago = 0 THEN points_share ELSE 0 END) AS share_now
    FROM recent
    GROUP BY chart_id, chart_name, artist_id
)

SELECT
    chart_name,
    artist,
    ROUND(100 * share_before, 1) AS percent_before,
    ROUND(100 * share_now, 1) AS percent_now,
    ROUND(100 * (share_now - share_before), 1) AS change_in_points
FROM shares
WHERE share_now <> share_before
ORDER BY chart_name ASC, change_in_points DESC, artist ASC;
