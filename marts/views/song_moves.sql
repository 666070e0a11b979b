-- One row per chart, edition date and song: where it stands and how it moved.
--
-- chart_id: Chart, as named in charts.toml
-- chart_name: Name in charts.toml when captured
-- market: ISO 3166 country code in lower case, or global
-- cadence: daily or weekly: how often Spotify publishes an edition
-- snapshot_date: Day of the chart: the UTC day of its capture, or the date of its chart file
-- rank: Position on the chart, 1 is the top
-- title: Title as Spotify showed it that day
-- artists: Credited artists, in the order of the credits
-- previous_rank: Rank in the edition before; null when not on it
-- rank_change: previous_rank - rank: positive is a climb
-- movement: debut, re_entry, up, down or same
-- climb_place: Place among the climbs of the edition, 1 is the biggest; equal climbs share it
-- fall_place: Place among the falls of the edition, 1 is the biggest; equal falls share it
-- peak_rank: Best rank so far, this edition included
-- days_on_chart: Editions on the chart so far; weeks on a weekly chart; no reset
-- streak_days: Editions on the chart without a break, this one included
-- first_charted_on: First edition that the song stood on
-- streams: Streams on that day or week; null unless the source is charts_csv
-- streams_change: Streams less those of the edition before
-- editions_ago: Editions of the chart since: 0 is its newest
-- is_latest: Whether this is the chart's newest edition
-- track_id: Track that holds the song's better rank
-- song_id: Song through its re-releases and renamings: its first song_key
-- url: Page of the track on open.spotify.com
SELECT
    editions.chart_id,
    editions.chart_name,
    editions.market,
    editions.cadence,
    editions.snapshot_date,
    trends.rank,
    titles.title,
    titles.artists,
    trends.previous_rank,
    trends.rank_change,
    trends.movement,
    CASE
        WHEN trends.movement = 'up'
            THEN RANK() OVER (
                PARTITION BY trends.chart_id, trends.snapshot_date
                ORDER BY trends.rank_change DESC NULLS LAST
            )
    END AS climb_place,
    CASE
        WHEN trends.movement = 'down'
            THEN RANK() OVER (
                PARTITION BY trends.chart_id, trends.snapshot_date
                ORDER BY trends.rank_change ASC NULLS LAST
            )
    END AS fall_place,
    trends.peak_rank,
    trends.days_on_chart,
    trends.streak_days,
    trends.first_charted_on,
    trends.streams,
    trends.streams_change,
    editions.editions_ago,
    editions.is_latest,
    trends.track_id,
    trends.song_id,
    titles.url
FROM chartlake.song_trends AS trends
INNER JOIN chartlake.editions AS editions
    ON
        trends.snapshot_date = editions.snapshot_date
        AND trends.chart_id = editions.chart_id
LEFT JOIN chartlake.track_titles AS titles
    ON
        trends.snapshot_date = titles.snapshot_date
        AND trends.track_id = titles.track_id
