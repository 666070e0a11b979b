-- Which songs came back after the longest time away, and where did they stand then?
SELECT
    back.chart_name,
    back.title,
    back.artists,
    gone.snapshot_date AS left_on,
    back.snapshot_date AS came_back_on,
    DATE_DIFF('day', gone.snapshot_date, back.snapshot_date) AS days_away,
    gone.previous_rank AS left_from_rank,
    back.rank
FROM chartlake.song_life_line AS back
INNER JOIN chartlake.song_life_line AS gone
    ON
        back.chart_id = gone.chart_id
        AND back.song_id = gone.song_id
        AND back.stay = gone.stay + 1
WHERE back.movement = 're_entry' AND gone.movement = 'exit'
ORDER BY days_away DESC, chart_name ASC, title ASC, came_back_on ASC;
