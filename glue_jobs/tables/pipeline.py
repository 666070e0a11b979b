"""The wiring: raw captures, published days and history -> every table of some days.

A new table needs one function, one entry in the contract, and one line here.
"""

from pyspark.sql import DataFrame

from glue_jobs.frames import checkpointed
from glue_jobs.tables.artist_trends import build_artist_trends
from glue_jobs.tables.catalog import (
    build_albums,
    build_artists,
    build_track_artists,
    build_tracks,
    describe_tracks,
)
from glue_jobs.tables.chart_entries import (
    build_chart_entries,
    build_chart_snapshots,
    describe_entries,
    describe_snapshots,
    select_charted,
)
from glue_jobs.tables.chart_summary import build_chart_summary
from glue_jobs.tables.history import History
from glue_jobs.tables.quality import (
    build_quality_results,
    build_quarantine,
    check_captures,
    choose_captures,
    measure_captures,
)
from glue_jobs.tables.song_trends import (
    build_chart_exits,
    build_editions,
    build_song_trends,
    select_state,
)
from glue_jobs.tables.songs import find_songs

Tables = dict[str, DataFrame]


def build_charts(captures: DataFrame, positions: DataFrame, published: DataFrame) -> Tables:
    """Build what the days' own captures provide; `published` is their current chart_snapshots.

    Columns that depend on earlier days are left out: is_repeat of chart_snapshots, and the song_id
    of chart_entries and tracks.
    """
    positions = checkpointed(positions)
    usable = captures.where("reason is null")
    checked = checkpointed(check_captures(measure_captures(usable, positions, published)))
    of_the_day = checkpointed(choose_captures(checked))
    chosen = of_the_day.where("passed")
    charted = checkpointed(select_charted(chosen, positions))
    return {
        "chart_snapshots": describe_snapshots(chosen),
        "chart_entries": describe_entries(charted),
        "tracks": describe_tracks(charted),
        "albums": build_albums(charted),
        "artists": build_artists(charted),
        "track_artists": build_track_artists(charted),
        "quarantine": build_quarantine(captures, positions, checked),
        "quality_results": build_quality_results(of_the_day),
    }


def build_trends(charts: Tables, history: History) -> Tables:
    """Build what also depends on earlier days; return it together with the tables of `charts`."""
    snapshots = checkpointed(build_chart_snapshots(charts["chart_snapshots"], history.snapshots))
    described = charts["chart_entries"]
    keys = {name: described.select(name) for name in ("track_id", "song_key")}
    songs = find_songs(described, history.narrow(history.entries, keys))
    entries = checkpointed(build_chart_entries(described, songs))
    tracks = checkpointed(build_tracks(charts["tracks"], songs))
    albums, track_artists = checkpointed(charts["albums"]), checkpointed(charts["track_artists"])
    editions = checkpointed(build_editions(snapshots, history.editions))
    shown = {
        "song_id": entries.select("song_id"),
        "snapshot_date": history.editions.select("snapshot_date"),
    }
    known = history.narrow(history.songs, shown)
    state = checkpointed(select_state(known, entries, history.editions))
    trends = checkpointed(build_song_trends(entries, editions, state))
    exits = checkpointed(build_chart_exits(trends, editions, state))
    artist_trends = checkpointed(
        build_artist_trends(trends, entries, track_artists, snapshots, editions, history.artists)
    )
    summary = build_chart_summary(editions, trends, exits, tracks, albums, artist_trends)
    return charts | {
        "chart_snapshots": snapshots,
        "chart_entries": entries,
        "tracks": tracks,
        "albums": albums,
        "track_artists": track_artists,
        "artists": checkpointed(charts["artists"]),
        "quality_results": checkpointed(charts["quality_results"]),
        "quarantine": checkpointed(charts["quarantine"]),
        "song_trends": trends,
        "chart_exits": exits,
        "artist_trends": artist_trends,
        "chart_summary": checkpointed(summary),
    }
