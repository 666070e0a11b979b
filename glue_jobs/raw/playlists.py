"""Raw files -> captures -> positions: the contents of each capture, place by place.

From the text of every raw file of the days to captures (one row per readable file), and to
positions (one row per place on the chart). Spotify mixes nulls, local files and podcast episodes
with the tracks. They are counted and keep their place, so ranks are the chart's own.
"""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from chartlake.contract.chart_config import SPOTIFYS_OWN
from glue_jobs.raw.json_values import (
    NOT_BLANK,
    boolean,
    child,
    convert,
    is_empty,
    loosen,
    parse,
    value_at,
)
from glue_jobs.raw.schemas import CAPTURE, CORRUPT, ENTRY, TRACK
from glue_jobs.tables.song_identity import artist_id_of_name

DATE_FOLDER = r"/dt=([^/]+)/"
CHART_FOLDER = r"/chart=([^/]+)/[^/]+$"
INSTANT = r"^[12]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})\z"
TRACK_ID = r"^[0-9A-Za-z]+\z"
SETTINGS = ("name", "market", "source", "cadence", "expected_size", "tolerance")


def parse_files(files: DataFrame) -> DataFrame:
    """Read raw files (source_file, value) as captures: one row per file, key source_file.

    `reason` is a sentence that says why a file is unusable, or null. `days_behind` is null: only
    the charts file has it.
    """
    parsed = files.select(
        "source_file",
        F.to_date(F.regexp_extract("source_file", DATE_FOLDER, 1)).alias("folder_date"),
        F.regexp_extract("source_file", CHART_FOLDER, 1).alias("folder_chart"),
        "value",
        F.is_valid_utf8("value").alias("is_utf8"),
        F.from_json(F.make_valid_utf8("value"), CAPTURE).alias("capture"),
    )
    return parsed.select(
        "source_file",
        F.col("folder_date").alias("snapshot_date"),
        F.col("folder_chart").alias("chart_id"),
        "capture.chart",
        _expects_change().alias("expects_change"),
        F.lit(None).cast("int").alias("days_behind"),
        _instant(F.col("capture.captured_at")).alias("captured_at"),
        F.col("capture.payload.snapshot_id").alias("spotify_snapshot_id"),
        F.col("capture.payload.items").alias("entries"),
        _file_reason().alias("reason"),
        F.substring(F.make_valid_utf8("value"), 1, 10_000).alias("record"),
    )


def _instant(text: Column) -> Column:
    """Parse an ISO 8601 timestamp; null if the text is not one."""
    return F.when(text.rlike(INSTANT), F.try_to_timestamp(text))


def _expects_change() -> Column:
    """Read the setting; captures older than the setting get the default of charts.toml."""
    is_spotifys = F.col("capture.chart.playlist_id").startswith(SPOTIFYS_OWN)
    by_app = F.coalesce("capture.chart.login", F.lit("app")) == "app"
    known = F.col("capture.chart.expects_change").try_cast("boolean")
    return F.coalesce(known, is_spotifys & by_app)


def _file_reason() -> Column:
    date_differs = ~F.col("capture.snapshot_date").eqNullSafe(F.col("folder_date"))
    chart_differs = ~F.col("capture.chart.chart_id").eqNullSafe(F.col("folder_chart"))
    settings = [F.col(f"capture.chart.{name}") for name in SETTINGS]
    incomplete = reduce(
        Column.__or__,
        [setting.isNull() for setting in settings],
        _instant(F.col("capture.captured_at")).isNull() | F.col("capture.payload.items").isNull(),
    )
    unreadable = F.col("capture").isNull() | F.col(f"capture.{CORRUPT}").isNotNull()
    return (
        F.when(~F.col("is_utf8"), "The file is not UTF-8.")
        .when(unreadable, "The file is not a capture in JSON.")
        .when(date_differs | chart_differs, "The file's chart or date does not match its folder.")
        .when(incomplete, "The file is missing captured_at, the chart's settings or the entries.")
    )


def explode_positions(captures: DataFrame) -> DataFrame:
    """Expand usable captures: one row per capture and place, key source_file and position.

    `kind` is track, null, local, episode or rejected. A playlist's ranks are its places. An entry
    is rejected if its track's id, name or artists are missing or unreadable, and `reason` says
    which; any other unreadable value is null. Null and blank values are what Spotify leaves of a
    removed track: such a place holds no track.
    """
    opened = captures.select(
        "source_file",
        "snapshot_date",
        "chart_id",
        "captured_at",
        F.posexplode(_parsed(F.col("entries"))).alias("index", "parsed"),
    )
    loose = opened.select("*", "parsed.*")
    chosen = loose.withColumn("content", F.coalesce("entry.item", "entry.track")).withColumn(
        "path", F.when(F.col("entry.item").isNotNull(), "$.item").otherwise("$.track")
    )
    track = convert(F.col("content"), TRACK, F.col("value"), F.col("path"))
    read = (
        chosen.withColumn("track", track)
        .withColumn("is_local", F.coalesce(boolean(F.col("entry.is_local")), "track.is_local"))
        .withColumn("reason", _reason())
    )
    return read.select(
        "source_file",
        "snapshot_date",
        "chart_id",
        "captured_at",
        (F.col("index") + 1).alias("position"),
        (F.col("index") + 1).alias("rank"),
        F.lit(None).cast("bigint").alias("streams"),
        _instant(F.col("entry.added_at")).alias("added_at"),
        F.col("track").withField("artists", _credited()).alias("track"),
        _kind().alias("kind"),
        "reason",
        F.substring("text", 1, 10_000).alias("record"),
    )


def _parsed(entries: Column) -> Column:
    """Parse each entry before the array is exploded: afterwards Spark would parse it per use."""
    values = F.transform(
        entries, lambda text: F.struct(text.alias("text"), parse(text).alias("value"))
    )
    return F.transform(
        values,
        lambda e: F.struct(e["text"], e["value"], loosen(e["value"], ENTRY).alias("entry")),
    )


def _credited() -> Column:
    """Keep the artists that have an id or a name; a missing id is derived from the name."""
    known = F.filter("track.artists", lambda a: a["id"].isNotNull() | a["name"].isNotNull())
    return F.transform(
        known, lambda a: a.withField("id", F.coalesce(a["id"], artist_id_of_name(a["name"])))
    )


def _reason() -> Column:
    """Say why an entry cannot be read; null if it is read, or empty."""
    is_other = (F.col("track.type") == "episode") | F.col("is_local")
    name = F.col("track.name")
    return (
        F.when(
            F.col("value").isNull(),
            F.when(F.col("text").rlike(NOT_BLANK), "The entry is not JSON."),
        )
        .when(
            F.col("entry").isNull(),
            F.when(~is_empty(F.col("value")), "The entry is not an object."),
        )
        .when(F.col("content").isNull(), _no_content())
        .when(F.coalesce(is_other, F.lit(False)), None)
        .otherwise(
            F.coalesce(
                F.when(~_is_id(), _what_is_wrong("id", "track id")),
                F.when(name.isNull(), _what_is_wrong("name", "track name")),
                F.when(~_is_credited(), _what_is_wrong_with_the_artists()),
            )
        )
    )


def _no_content() -> Column:
    """Report content in place of the track that is not a track."""
    found = [value_at(F.col("value"), F.lit(f"$.{name}")) for name in ("item", "track")]
    is_there = [value.isNotNull() & ~is_empty(value) for value in found]
    return F.when(is_there[0] | is_there[1], "The entry's track cannot be read.")


def _is_id() -> Column:
    return F.coalesce(F.col("track.id").rlike(TRACK_ID), F.lit(False))


def _is_credited() -> Column:
    return F.coalesce(F.exists("track.artists", lambda a: a["name"].isNotNull()), F.lit(False))


def _what_is_wrong(field: str, called: str) -> Column:
    value = value_at(F.col("value"), child(F.col("path"), field))
    return F.when(value.isNull(), f"The entry has no {called}.").when(
        ~is_empty(value), f"The entry's {called} cannot be read."
    )


def _what_is_wrong_with_the_artists() -> Column:
    """Say what is wrong with a list without a named artist; null if all names are empty."""
    artists = child(F.col("path"), "artists")
    listed = F.try_variant_get(F.col("value"), artists, "array<variant>")
    are_empty = F.forall(
        listed, lambda a: F.is_variant_null(a) | is_empty(value_at(a, F.lit("$.name")))
    )
    return F.when(~F.coalesce(are_empty, F.lit(False)), _what_is_wrong("artists", "artists"))


def _kind() -> Column:
    return (
        F.when(F.col("reason").isNotNull(), "rejected")
        .when(F.col("content").isNull(), "null")
        .when(F.col("track.type") == "episode", "episode")
        .when(F.col("is_local"), "local")
        .when(_is_id() & F.col("track.name").isNotNull() & _is_credited(), "track")
        .otherwise("null")
    )
