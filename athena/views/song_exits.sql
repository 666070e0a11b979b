-- One row per chart, edition date and song that left: what it leaves behind.
-- It is not among the tracks of its edition, so it has the name of the day that still showed it.
CREATE OR REPLACE VIEW chartlake.song_exits AS
SELECT
    editions.chart_id,
    editions.chart_name,
    editions.market,
    editions.cadence,
    editions.snapshot_date,
    titles.title,
    titles.artists,
    exits.last_rank,
    exits.peak_rank,
    exits.days_on_chart,
    exits.streak_days,
    exits.last_charted_on,
    editions.editions_ago,
    editions.is_latest,
    exits.track_id,
    exits.song_id,
    titles.url
FROM chartlake.chart_exits AS exits
INNER JOIN chartlake.editions AS editions
    ON
        exits.snapshot_date = editions.snapshot_date
        AND exits.chart_id = editions.chart_id
LEFT JOIN chartlake.track_titles AS titles
    ON
        exits.last_charted_on = titles.snapshot_date
        AND exits.track_id = titles.track_id;
