-- Which songs gained and lost the most streams with the newest edition? Charts from charts.spotify.com only.
SELECT
    CHART_NAME,
    TITLE,
    ARTISTS,
    RANK,
    STREAMS,
    STREAMS_CHANGE
FROM SONG_MOVES
WHERE IS_LATEST AND STREAMS_CHANGE IS NOT NULL
ORDER BY STREAMS_CHANGE DESC, CHART_NAME ASC, RANK ASC;
