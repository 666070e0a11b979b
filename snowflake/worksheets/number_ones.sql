-- Which songs have been number one the longest? Days on a daily chart, weeks on a weekly one.
SELECT
    CHART_NAME,
    TITLE,
    ARTISTS,
    DAYS_AT_NUMBER_ONE,
    DAYS_ON_CHART,
    RANK_NOW
FROM SONG_RECORDS
WHERE DAYS_AT_NUMBER_ONE > 0
ORDER BY CHART_NAME ASC, DAYS_AT_NUMBER_ONE DESC, DAYS_ON_CHART DESC, TITLE ASC;
