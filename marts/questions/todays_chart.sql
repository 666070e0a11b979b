-- What does each chart look like now, and how did every song on it move?
SELECT
    chart_name,
    snapshot_date,
    rank,
    title,
    artists,
    movement,
    rank_change,
    peak_rank,
    days_on_chart
FROM chartlake.song_moves
WHERE is_latest
ORDER BY chart_name, rank;
