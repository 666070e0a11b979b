-- What does each chart look like now, and how did every song on it move?
SELECT
    CHART_NAME,
    SNAPSHOT_DATE,
    RANK,
    TITLE,
    ARTISTS,
    MOVEMENT,
    RANK_CHANGE,
    PEAK_RANK,
    DAYS_ON_CHART
FROM SONG_MOVES
WHERE IS_LATEST
ORDER BY CHART_NAME, RANK;
