"""The declared input schema: what is read of Spotify's responses.

Spotify leaves fields out, so nothing is inferred: a day on which no track has a popularity has a
column of nulls. Entries stay text in the capture and `json_values` parses them, so that only the
unreadable value itself is lost. Timestamps also stay text: Spark reads `12:00` as noon of the day
on which it runs.
"""

CORRUPT = "_corrupt_record"
"""Column in which Spark stores the text that it could not parse."""

CHART = """struct<
    chart_id: string, name: string, market: string, source: string, cadence: string,
    expected_size: int, tolerance: int,
    playlist_id: string, login: string, expects_change: string>"""
"""The settings of a chart. The last three are optional text, so an odd value costs no capture."""

CAPTURE = f"""
    chart {CHART},
    snapshot_date date,
    captured_at string,
    payload struct<snapshot_id: string, items: array<string>>,
    {CORRUPT} string
"""

_URLS = "struct<spotify: string>"

ARTIST = f"""struct<
    id: string, name: string, external_urls: {_URLS},
    followers: struct<total: bigint>, popularity: int, genres: array<string>>"""

_ALBUM = f"""struct<
    id: string, name: string, album_type: string, release_date: string,
    release_date_precision: string, total_tracks: int, label: string, external_urls: {_URLS},
    images: array<struct<url: string, width: int>>>"""

TRACK = f"""struct<
    id: string, type: string, is_local: boolean, name: string, duration_ms: int,
    explicit: boolean, popularity: int, external_ids: struct<isrc: string>,
    external_urls: {_URLS}, album: {_ALBUM}, artists: array<{ARTIST}>>"""

ENTRY = f"struct<added_at: string, is_local: boolean, track: {TRACK}, item: {TRACK}>"
"""An entry of a playlist: Spotify named its content `track`, and since 2026-02 `item`."""
