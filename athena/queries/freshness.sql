-- How fresh is each chart: which day is the newest, which edition did it show, was anything left out?
SELECT
    chart_name,
    cadence,
    captured_on,
    edition_date,
    is_repeat,
    entries,
    left_out
FROM chartlake.chart_freshness
ORDER BY captured_on, chart_name;
