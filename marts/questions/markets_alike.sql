-- How alike are the markets: how many songs do two of them share now, and how far apart do those rank?
SELECT
    here.cadence,
    here.market,
    elsewhere.market AS other_market,
    COUNT(*) AS songs_shared,
    ROUND(CAST(SUM(ABS(here.rank_now - elsewhere.rank_now)) AS double) / COUNT(*), 1) AS ranks_apart,
    MAX(ABS(<< days_between("here.edition_date", "elsewhere.edition_date") >>)) AS days_apart
FROM chartlake.song_markets AS here
INNER JOIN chartlake.song_markets AS elsewhere
    ON
        here.song_id = elsewhere.song_id
        AND here.cadence = elsewhere.cadence
        AND here.market < elsewhere.market
WHERE here.rank_now IS NOT NULL AND elsewhere.rank_now IS NOT NULL
GROUP BY here.cadence, here.market, elsewhere.market
ORDER BY here.cadence ASC, songs_shared DESC, here.market ASC, elsewhere.market ASC;
