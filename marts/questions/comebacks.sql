-- Which songs came back after the longest time away, and where did they stand then?
WITH turns AS (
    SELECT
        chart_name,
        title,
        artists,
        snapshot_date,
        movement,
        rank,
        LAG(CASE WHEN movement = 'exit' THEN snapshot_date END)
            OVER (PARTITION BY chart_id, song_id ORDER BY snapshot_date)
            AS left_on,
        LAG(previous_rank) OVER (PARTITION BY chart_id, song_id ORDER BY snapshot_date) AS left_from_rank
    FROM chartlake.song_life_line
    WHERE movement IN ('exit', 're_entry')
)

SELECT
    chart_name,
    title,
    artists,
    left_on,
    snapshot_date AS came_back_on,
    << days_between("left_on", "snapshot_date") >> AS days_away,
    left_from_rank,
    rank
FROM turns
WHERE movement = 're_entry' AND left_on IS NOT NULL
ORDER BY days_away DESC, chart_name ASC, title ASC, came_back_on ASC;
