-- Which songs climbed and fell the most on each chart's newest edition?
SELECT
    CHART_NAME,
    RANK_CHANGE,
    RANK,
    PREVIOUS_RANK,
    TITLE,
    ARTISTS
FROM SONG_MOVES
WHERE IS_LATEST AND (CLIMB_PLACE <= 5 OR FALL_PLACE <= 5)
ORDER BY CHART_NAME ASC, RANK_CHANGE DESC, RANK ASC;
