-- Which songs have won the most places over a chart's last seven editions, of those that stand on it now?
SELECT
    chart_name,
    MAX(CASE WHEN is_latest THEN title END) AS title,
    MAX(CASE WHEN is_latest THEN artists END) AS artists,
    MAX(CASE WHEN is_latest THEN rank END) AS rank_now,
    CAST(SUM(rank_change) AS integer) AS places_won
FROM chartlake.song_moves
WHERE editions_ago < 7
GROUP BY chart_id, chart_name, song_id
HAVING SUM(rank_change) > 0 AND MIN(editions_ago) = 0
ORDER BY chart_name ASC, places_won DESC, rank_now ASC;
