-- Which songs have come to a further market within its last seven days, and where did they come from?
SELECT
    here.title,
    here.artists,
    here.cadence,
    here.market,
    here.first_charted_on,
    here.days_after_first,
    here.rank_now,
    here.markets_now,
    origin.market AS first_market,
    origin.rank_now AS rank_there
FROM chartlake.song_markets AS here
INNER JOIN chartlake.song_markets AS origin
    ON
        here.song_id = origin.song_id
        AND here.cadence = origin.cadence
        AND origin.arrival = 1
WHERE
    here.arrival > 1
    AND NOT here.is_from_the_start
    AND << days_between("here.first_charted_on", "here.edition_date") >> < 7
ORDER BY
    here.markets_now DESC,
    here.first_charted_on DESC,
    here.title ASC,
    here.market ASC,
    origin.market ASC;
