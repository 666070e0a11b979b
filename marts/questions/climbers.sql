-- Which songs climbed and fell the most on each chart's newest edition?
SELECT
    chart_name,
    rank_change,
    rank,
    previous_rank,
    title,
    artists
FROM chartlake.song_moves
WHERE is_latest AND (climb_place <= 5 OR fall_place <= 5)
ORDER BY chart_name ASC, rank_change DESC, rank ASC;
