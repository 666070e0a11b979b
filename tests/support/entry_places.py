"""What the job reads from an entry, in the form that `entry_oracle` returns."""

from typing import Any

from pyspark.sql import Row

from tests.support.entry_oracle import Place, place_of

READ = (
    *("source_file", "position", "kind", "reason", "track.*"),
    "unix_micros(added_at) AS added_at",
)
"""Columns of a position that `read_place` reads."""


def read_place(row: Row) -> Place:
    """Turn a position into a place."""
    if row["kind"] == "rejected":
        return ("rejected", row["reason"])
    assert row["reason"] is None
    if row["kind"] != "track":
        return (row["kind"],)
    credited = [
        (f"name of {a['name']}" if a["id"].startswith("name:") else a["id"], a["name"])
        for a in row["artists"]
    ]
    album, isrc = row["album"], row["external_ids"] and row["external_ids"]["isrc"]
    images = album and album["images"]
    return (
        *("track", row["id"], row["name"], credited, row["popularity"], row["duration_ms"]),
        *(row["explicit"], isrc, row["added_at"]),
        *((album["id"], album["total_tracks"]) if album else (None, None)),
        images if images is None else [image["width"] for image in images],
    )


def expected_place(entry: Any) -> Place:
    """Return the oracle's place, with the timestamp in microseconds, as in Spark."""
    told = list(place_of(entry))
    if told[0] == "track" and told[8] is not None:
        told[8] = round(told[8].timestamp() * 1_000_000)
    return tuple(told)
