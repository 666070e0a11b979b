-- What is the story of the songs that are number one now? For another song, say WHERE TITLE = '...' instead.
WITH number_ones AS (
    SELECT
        chart_id AS number_one_chart,
        song_id AS number_one
    FROM chartlake.song_records
    WHERE rank_now = 1
)

SELECT
    chart_name,
    title,
    snapshot_date,
    stay,
    movement,
    rank,
    days_on_chart,
    streak_days
FROM chartlake.song_life_line
INNER JOIN number_ones
    ON
        chart_id = number_one_chart
        AND song_id = number_one
ORDER BY chart_name, snapshot_date;
