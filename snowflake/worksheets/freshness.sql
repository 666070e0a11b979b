-- How fresh is each chart: which day is the newest, which edition did it show, was anything left out?
SELECT
    CHART_NAME,
    CADENCE,
    CAPTURED_ON,
    SPOTIFY_DATE,
    EDITION_DATE,
    IS_REPEAT,
    EXPECTS_CHANGE,
    ENTRIES,
    LEFT_OUT
FROM CHART_FRESHNESS
ORDER BY SPOTIFY_DATE, CHART_NAME;
