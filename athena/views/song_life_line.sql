-- One row per chart, song and edition date that it stood on or left: its whole line, gaps included.
-- The moves with the exits between them, so that a line drawn from it breaks where the song was gone.
-- It joins trends and exits before they are named, instead of song_moves and song_exits: half as much
-- to read. A song that left has the name of the day that still showed it.
CREATE OR REPLACE VIEW chartlake.song_life_line AS
WITH events AS (
    SELECT
        chart_id,
        snapshot_date,
        snapshot_date AS named_on,
        movement,
        rank,
        previous_rank,
        peak_rank,
        days_on_chart,
        streak_days,
        track_id,
        song_id
    FROM chartlake.song_trends
    UNION ALL
    SELECT
        chart_id,
        snapshot_date,
        last_charted_on AS named_on,
        'exit' AS movement,
        NULL AS rank,
        last_rank AS previous_rank,
        peak_rank,
        days_on_chart,
        streak_days,
        track_id,
        song_id
    FROM chartlake.chart_exits
)

SELECT
    editions.chart_id,
    editions.chart_name,
    editions.market,
    editions.cadence,
    editions.snapshot_date,
    titles.title,
    titles.artists,
    1 + COUNT(CASE WHEN events.movement = 're_entry' THEN 1 END) OVER (
        PARTITION BY events.chart_id, events.song_id
        ORDER BY events.snapshot_date
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS stay,
    events.movement,
    events.rank,
    events.previous_rank,
    events.peak_rank,
    events.days_on_chart,
    events.streak_days,
    editions.editions_ago,
    editions.is_latest,
    events.track_id,
    events.song_id,
    titles.url
FROM events
INNER JOIN chartlake.editions AS editions
    ON
        events.snapshot_date = editions.snapshot_date
        AND events.chart_id = editions.chart_id
LEFT JOIN chartlake.track_titles AS titles
    ON
        events.named_on = titles.snapshot_date
        AND events.track_id = titles.track_id;
