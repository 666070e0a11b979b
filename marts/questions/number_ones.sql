-- Which songs have been number one the longest? Days on a daily chart, weeks on a weekly one.
SELECT
    chart_name,
    title,
    artists,
    days_at_number_one,
    days_on_chart,
    rank_now
FROM chartlake.song_records
WHERE days_at_number_one > 0
ORDER BY chart_name ASC, days_at_number_one DESC, days_on_chart DESC, title ASC;
