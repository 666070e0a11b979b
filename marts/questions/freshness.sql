-- How fresh is each chart: which day is the newest, which edition did it show, was anything left out?
SELECT
    chart_name,
    cadence,
    captured_on,
    spotify_date,
    edition_date,
    is_repeat,
    expects_change,
    entries,
    left_out
FROM chartlake.chart_freshness
ORDER BY spotify_date, chart_name;
