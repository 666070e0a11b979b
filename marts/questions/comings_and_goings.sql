-- What debuted, what came back and what left with each chart's newest edition?
SELECT
    chart_name,
    movement,
    rank,
    previous_rank,
    title,
    artists,
    peak_rank,
    days_on_chart
FROM chartlake.song_life_line
WHERE is_latest AND movement IN ('debut', 're_entry', 'exit')
ORDER BY chart_name, movement, COALESCE(rank, previous_rank);
