-- What is the story of the songs that are number one now? For another song, say WHERE TITLE = '...' instead.
SELECT
    CHART_NAME,
    TITLE,
    SNAPSHOT_DATE,
    STAY,
    MOVEMENT,
    RANK,
    DAYS_ON_CHART,
    STREAK_DAYS
FROM SONG_LIFE_LINE
WHERE (CHART_ID, SONG_ID) IN (
    SELECT CHART_ID, SONG_ID
    FROM SONG_MOVES
    WHERE IS_LATEST AND RANK = 1
)
ORDER BY CHART_NAME, SNAPSHOT_DATE;
