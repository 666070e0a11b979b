-- What is on the chart of one market and has never been on that of another?
WITH compared AS (
    SELECT cadence
    FROM chartlake.song_markets
    GROUP BY cadence
    HAVING COUNT(DISTINCT market) > 1
)

SELECT
    cadence,
    market,
    rank_now,
    title,
    artists,
    days_on_chart
FROM chartlake.song_markets
WHERE
    markets_so_far = 1
    AND rank_now IS NOT NULL
    AND cadence IN (SELECT cadence FROM compared)
ORDER BY cadence, market, rank_now;
