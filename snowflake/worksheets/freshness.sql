-- How fresh is each chart: which day is the newest, which edition did it show, was anything left out?
SELECT
    CHART_NAME,
    CADENCE,
    CAPTURED_ON,
    EDITION_DATE,
    IS_REPEAT,
    ENTRIES,
    LEFT_OUT
FROM CHART_FRESHNESS
ORDER BY CAPTURED_ON, CHART_NAME;
