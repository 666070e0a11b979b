"""Every curated table, declared once.

The Spark schemas, the landing tables in `snowflake/`, the data dictionary and the folder names all
follow from here; tests hold them equal. It is one long file because it is one list.

`snapshot_date` is the UTC day that a chart was captured for, `run_id` the run that wrote the row:
every table has both, as ordinary columns in every file.
"""

from chartlake.contract.schema import Column, Table, added, optional, required

SNAPSHOT_DATE = required(
    "snapshot_date",
    "date",
    "Day of the chart: the UTC day of its capture, or the date of its chart file",
)
CHART_ID = required("chart_id", "string", "Chart, as named in charts.toml")
SONG_ID = required(
    "song_id", "string", "Song through its re-releases and renamings: its first song_key"
)
RUN_ID = required("run_id", "string", "Run of build_tables that wrote the row; sorts by time")


def _table(name: str, grain: str, key: str, *columns: Column) -> Table:
    return Table(name, grain, tuple(key.split()), (SNAPSHOT_DATE, *columns, RUN_ID))


CHART_SNAPSHOTS = _table(
    "chart_snapshots",
    "One row per chart and date: the last capture of that day.",
    "snapshot_date chart_id",
    CHART_ID,
    required("chart_name", "string", "Name in charts.toml when captured"),
    required("market", "string", "ISO 3166 country code in lower case, or global"),
    required("cadence", "string", "daily or weekly: how often Spotify publishes an edition"),
    required("source", "string", "playlist or charts_csv"),
    added(
        "expects_change",
        "boolean",
        "False where the chart may stay the same for days; null counts as true",
    ),
    added(
        "days_behind",
        "int",
        "Days from Spotify's own date of the chart to snapshot_date; null counts as 0",
    ),
    required("captured_at", "timestamp", "When the capture began, or the chart file came into raw"),
    optional(
        "refreshed_at", "timestamp", "Newest added_at of the entries; null where Spotify omits it"
    ),
    optional(
        "spotify_snapshot_id", "string", "Spotify's version of the playlist; null for charts_csv"
    ),
    required("entries", "int", "Positions that hold a track"),
    required(
        "null_entries",
        "int",
        "Positions without a track, or whose track was taken down",
    ),
    required("local_entries", "int", "Positions left out because they hold a local file"),
    required("episode_entries", "int", "Positions left out because they hold a podcast episode"),
    required("rejected_entries", "int", "Positions left out because unreadable; see quarantine"),
    required("edition_hash", "string", "Hash of ranks and track ids: equal for equal editions"),
    required("is_repeat", "boolean", "True where the chart still shows the edition before"),
    required("source_file", "string", "Raw file that the day was read from"),
)

CHART_ENTRIES = _table(
    "chart_entries",
    "One row per chart, date and rank.",
    "snapshot_date chart_id rank",
    CHART_ID,
    required("rank", "int", "Position on the chart, 1 is the top; left-out positions leave a gap"),
    required("track_id", "string", "Spotify's track id"),
    SONG_ID,
    added(
        "song_key",
        "string",
        "Hash of the title and artists that the entry shows; null before identity version 2",
    ),
    optional(
        "streams", "bigint", "Streams on that day or week; null unless the source is charts_csv"
    ),
    optional("popularity", "int", "Spotify's popularity, 0 to 100; null where the API omits it"),
    optional("added_at", "timestamp", "When the entry was put on the playlist"),
)

TRACKS = _table(
    "tracks",
    "One row per track and date seen on any chart.",
    "snapshot_date track_id",
    required("track_id", "string", "Spotify's track id"),
    SONG_ID,
    required("name", "string", "Title as Spotify shows it"),
    optional("duration_ms", "int", "Length in milliseconds"),
    optional("explicit", "boolean", "Whether the lyrics are marked explicit"),
    optional("isrc", "string", "International Standard Recording Code"),
    optional("popularity", "int", "Spotify's popularity, 0 to 100; null where the API omits it"),
    optional("url", "string", "Page of the track on open.spotify.com"),
    optional("album_id", "string", "Spotify's album id"),
)

ALBUMS = _table(
    "albums",
    "One row per album and date seen on any chart.",
    "snapshot_date album_id",
    required("album_id", "string", "Spotify's album id"),
    optional("name", "string", "Title; empty after a takedown"),
    optional("album_type", "string", "album, single or compilation"),
    optional("release_date", "date", "First day of the release date; read with its precision"),
    optional(
        "release_date_precision", "string", "day, month or year: what of release_date is known"
    ),
    optional("total_tracks", "int", "Number of tracks"),
    optional("label", "string", "Record label; null where the API omits it"),
    optional("url", "string", "Page of the album on open.spotify.com"),
    optional("image_url", "string", "Largest cover image"),
)

ARTISTS = _table(
    "artists",
    "One row per artist and date seen on any chart.",
    "snapshot_date artist_id",
    required(
        "artist_id",
        "string",
        "Spotify's artist id; name: and the name where the source gives none",
    ),
    optional("name", "string", "Name as Spotify shows it; null where it gives none"),
    optional("url", "string", "Page of the artist on open.spotify.com"),
    optional("followers", "bigint", "Followers; null where the API omits it"),
    optional("popularity", "int", "Spotify's popularity, 0 to 100; null where the API omits it"),
    optional("genres", "array<string>", "Spotify's genres; null where the API omits them"),
)

TRACK_ARTISTS = _table(
    "track_artists",
    "One row per track, credited artist and date seen on any chart.",
    "snapshot_date track_id artist_id",
    required("track_id", "string", "Spotify's track id"),
    required("artist_id", "string", "Spotify's artist id"),
    required("position", "int", "Place in the credits, 1 is the first"),
)

SONG_TRENDS = _table(
    "song_trends",
    "One row per chart, song and edition that it stands on, at its better rank; repeats have none.",
    "snapshot_date chart_id song_id",
    CHART_ID,
    SONG_ID,
    required("track_id", "string", "Track that holds the song's better rank"),
    required("rank", "int", "Position on the chart, 1 is the top"),
    optional("previous_rank", "int", "Rank in the edition before; null when not on it"),
    optional("rank_change", "int", "previous_rank - rank: positive is a climb"),
    required("peak_rank", "int", "Best rank so far, this edition included"),
    required(
        "days_on_chart", "int", "Editions on the chart so far; weeks on a weekly chart; no reset"
    ),
    required("streak_days", "int", "Editions on the chart without a break, this one included"),
    required("first_charted_on", "date", "First edition that the song stood on"),
    required("movement", "string", "debut, re_entry, up, down or same"),
    optional(
        "streams", "bigint", "Streams on that day or week; null unless the source is charts_csv"
    ),
    optional("streams_change", "bigint", "Streams less those of the edition before"),
)

CHART_EXITS = _table(
    "chart_exits",
    "One row per chart, song and edition that no longer shows it.",
    "snapshot_date chart_id song_id",
    CHART_ID,
    SONG_ID,
    required("track_id", "string", "Track that the song last stood with"),
    required("last_rank", "int", "Rank in the edition before"),
    required("peak_rank", "int", "Best rank so far"),
    required("days_on_chart", "int", "Editions on the chart so far; weeks on a weekly chart"),
    required("streak_days", "int", "Editions without a break that ended"),
    required("last_charted_on", "date", "Edition before, which still showed it"),
)

ARTIST_TRENDS = _table(
    "artist_trends",
    "One row per chart, credited artist and edition with a song of theirs.",
    "snapshot_date chart_id artist_id",
    CHART_ID,
    required("artist_id", "string", "Spotify's artist id"),
    required("songs", "int", "Songs on the chart, shared credits included"),
    required("best_rank", "int", "Best rank of those songs"),
    required(
        "chart_points",
        "int",
        "Sum over those songs of the chart's size + 1 - rank",
    ),
    required(
        "points_share", "double", "chart_points / points of all songs; shared credits count in full"
    ),
    optional("streams", "bigint", "Streams of those songs; null unless the source is charts_csv"),
    optional("songs_change", "int", "songs less those of the edition before; null when not on it"),
    optional("points_share_change", "double", "points_share less that of the edition before"),
    optional("streams_change", "bigint", "Streams less those of the edition before"),
)

CHART_SUMMARY = _table(
    "chart_summary",
    "One row per chart and edition.",
    "snapshot_date chart_id",
    CHART_ID,
    required("entries", "int", "Songs on the chart"),
    required("debuts", "int", "Songs never on it before"),
    required("re_entries", "int", "Songs that came back"),
    required("exits", "int", "Songs of the edition before that are gone"),
    optional(
        "turnover", "double", "Share of songs not on the edition before; null on the first one"
    ),
    optional("median_duration_ms", "double", "Median length of the songs, milliseconds"),
    optional("explicit_share", "double", "Explicit songs / songs that say whether they are"),
    optional(
        "median_release_age_days", "double", "Median days since release, of dates known to the day"
    ),
    required(
        "artist_concentration",
        "double",
        "Herfindahl index of chart points over artists: 1 is one artist",
    ),
)

LOAD_MANIFEST = _table(
    "load_manifest",
    "One row per table, date and run, written after every other table of the run.",
    "snapshot_date table_name run_id",
    required("table_name", "string", "Table that the run wrote"),
    required("row_count", "bigint", "Rows that it wrote for the date; 0 where none"),
    required("published_at", "timestamp", "When the run began to publish"),
    added("identity_version", "int", "Version of the song and artist ids of the run; null means 1"),
)

QUARANTINE = _table(
    "quarantine",
    "One row per rejected raw file or record.",
    "snapshot_date source_file position",
    optional("chart_id", "string", "Chart, where the file or its folder says it"),
    required("source_file", "string", "Raw file"),
    required("position", "int", "Position of the record in its file; 0 for the whole file"),
    required("reason", "string", "What is wrong, in a sentence"),
    optional("record", "string", "The record as it came, at most its first 10,000 characters"),
)

QUALITY_RESULTS = _table(
    "quality_results",
    "One row per chart, date and rule.",
    "snapshot_date chart_id rule",
    CHART_ID,
    required("rule", "string", "Name of the rule"),
    required("observed", "double", "What was found"),
    required("limit_value", "double", "What is allowed"),
    required("passed", "boolean", "False holds the chart back on that date"),
)

TABLES = (
    CHART_SNAPSHOTS,
    CHART_ENTRIES,
    TRACKS,
    ALBUMS,
    ARTISTS,
    TRACK_ARTISTS,
    SONG_TRENDS,
    CHART_EXITS,
    ARTIST_TRENDS,
    CHART_SUMMARY,
    QUARANTINE,
    QUALITY_RESULTS,
    LOAD_MANIFEST,
)
"""All tables, in the order in which a run publishes them: the manifest is last."""
