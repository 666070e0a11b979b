-- Where does the newest run stand: which charts were captured and passed, has all of it arrived, is it seen?
SELECT
    SNAPSHOT_DATE,
    RUN_ID,
    CHART_ID,
    CAPTURED_AT,
    GATE,
    FAILED_RULES,
    PUBLISHED_AT,
    ROWS_LOADED,
    ROWS_EXPECTED,
    STATUS
FROM RUN_LEDGER
WHERE IS_LATEST
ORDER BY CHART_ID;
