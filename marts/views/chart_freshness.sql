-- One row per chart: its newest day, its newest edition, and what was left out of that day.
--
-- chart_id: Chart, as named in charts.toml
-- chart_name: Name in charts.toml when captured
-- market: ISO 3166 country code in lower case, or global
-- cadence: daily or weekly: how often Spotify publishes an edition
-- captured_on: Newest day that readers see of the chart
-- spotify_date: Spotify's own date: CAPTURED_ON less DAYS_BEHIND; charts are compared by it
-- days_behind: Days from Spotify's own date of the chart to snapshot_date; null counts as 0
-- edition_date: Newest edition: earlier than CAPTURED_ON where that day repeats it
-- captured_at: When the capture began, or the chart file came into raw
-- refreshed_at: Newest added_at of the entries; null where Spotify omits it
-- entries: Positions that hold a track
-- left_out: Positions of that day that hold no track, or none that could be read
-- is_repeat: True where the chart still shows the edition before
-- expects_change: False where the chart may stay the same for days; null counts as true
WITH days AS (
    SELECT
        chart_id,
        chart_name,
        market,
        cadence,
        snapshot_date AS captured_on,
        << days_before("snapshot_date", "COALESCE(days_behind, 0)") >> AS spotify_date,
        COALESCE(days_behind, 0) AS days_behind,
        MAX(CASE WHEN NOT is_repeat THEN snapshot_date END) OVER (PARTITION BY chart_id) AS edition_date,
        captured_at,
        refreshed_at,
        entries,
        null_entries + local_entries + episode_entries + rejected_entries AS left_out,
        is_repeat,
        COALESCE(expects_change, TRUE) AS expects_change,
        ROW_NUMBER() OVER (PARTITION BY chart_id ORDER BY snapshot_date DESC) AS days_ago
    FROM chartlake.chart_snapshots
)

SELECT
    chart_id,
    chart_name,
    market,
    cadence,
    captured_on,
    spotify_date,
    days_behind,
    edition_date,
    captured_at,
    refreshed_at,
    entries,
    left_out,
    is_repeat,
    expects_change
FROM days
WHERE days_ago = 1
