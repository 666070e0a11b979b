-- Where does the newest run stand: which charts were captured and passed, has all of it arrived, is it seen?
SELECT
    snapshot_date,
    run_id,
    chart_id,
    captured_at,
    gate,
    failed_rules,
    published_at,
    rows_loaded,
    rows_expected,
    status
FROM chartlake.run_ledger
WHERE is_latest
ORDER BY chart_id;
