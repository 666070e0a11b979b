-- What debuted, what came back and what left with each chart's newest edition?
SELECT
    CHART_NAME,
    MOVEMENT,
    RANK,
    PREVIOUS_RANK,
    TITLE,
    ARTISTS,
    PEAK_RANK,
    DAYS_ON_CHART
FROM SONG_LIFE_LINE
WHERE IS_LATEST AND MOVEMENT IN ('debut', 're_entry', 'exit')
ORDER BY CHART_NAME, MOVEMENT, COALESCE(RANK, PREVIOUS_RANK);
