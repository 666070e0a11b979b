-- Which songs stayed the longest without a break, from when to when, and how high? No LEFT_ON: it lasts.
SELECT
    MAX(chart_name) AS chart_name,
    MAX(title) AS title,
    MAX(streak_days) AS streak_days,
    MIN(snapshot_date) AS came_on,
    MAX(CASE WHEN movement = 'exit' THEN snapshot_date END) AS left_on,
    MIN(rank) AS best_rank
FROM chartlake.song_life_line
GROUP BY chart_id, song_id, stay
ORDER BY streak_days DESC, chart_name ASC, came_on ASC, title ASC
LIMIT 10;
