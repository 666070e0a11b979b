"""Chart files of charts.spotify.com -> captures -> positions: the same frames as for a playlist.

The file's name gives market, cadence and day; charts.toml says which chart that is. There are two
formats. The site's own begins with a byte order mark. That of its predecessor, spotifycharts.com,
has a note above its header, other columns, and only the first artist. A file is split into records
by its quotes, because a title may contain a line break. Collectors append their own columns after
the known ones; they are ignored.

The files have artists' names but no ids: an artist's id is `name:` and the name's letters and
digits. Names are joined by commas, so a name that contains a comma is read as two.
"""

from collections import Counter

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from chartlake.contract.chart_files import (
    CHART,
    DAILY_HEADER,
    HEADER,
    OLD_HEADER,
    WEEKLY_HEADER,
)
from chartlake.contract.misread import LATIN_1, WINDOWS_1252
from glue_jobs.raw.json_values import NOT_BLANK
from glue_jobs.raw.schemas import ARTIST, CORRUPT, TRACK
from glue_jobs.tables.song_identity import artist_id_of_name

FILE_NAME = rf"/dt=([^/]+)/{CHART}-([^/]+)\.csv$"
RECORD = r'(?:(?<![^,\r\n])"(?:[^"]++|"")*+"|[^\r\n])++'
"""A line, or several if a field that begins with a quote contains line breaks. No loop backtracks:
a row of 6,000 quotes would overflow Java's stack and end the job."""
FIELD = r',("(?:[^"]++|"")*+"[^,]*+|[^,]*+)'
"""A field of a record with its quotes, after a comma. As in Spark's own CSV reader, text after a
closing quote belongs to the field."""
LONGEST = 10_000
"""Maximum characters of a row's known fields. Spark's CSV reader ends the job on a row of 20,480
fields, and treats a NUL at the edge of a field as a blank."""
NOTE = ",,,%Note that these figures%"
HEADERS = (DAILY_HEADER, WEEKLY_HEADER, OLD_HEADER)
WIDTH, OLD_WIDTH = HEADER.count(",") + 1, OLD_HEADER.count(",") + 1

MISREAD = (
    "Another program read the file as Latin-1 or Windows-1252 and saved it. Download it again "
    "from charts.spotify.com."
)

COLUMNS = """rank string, track string, artists string, name string, label string,
    peak_rank string, previous_rank string, days_on_chart string, streams string"""
OLD_COLUMNS = "rank string, name string, artists string, streams string, track string"
RANK, STREAMS = r"^[1-9][0-9]{0,3}\z", r"^[0-9]{1,15}\z"
TRACK_ID = r"^(?:spotify:track:|https://open[.]spotify[.]com/track/)([0-9A-Za-z]{22})\z"


def parse_chart_files(files: DataFrame, charts: DataFrame) -> DataFrame:
    """Read files (source_file, value, modified_at) as captures: one row per file, key source_file.

    `charts` has one row per market and cadence of charts.toml, with the struct `chart`. `records`
    are the rows below the header, as text, which must have `width` fields each. `extra_columns`
    names the columns after the known ones. `reason` is a sentence that says why a file is unusable,
    or null.
    """
    text = F.regexp_replace(F.make_valid_utf8("value"), "^\ufeff", "")
    split = (
        files.select(
            "source_file",
            *[
                F.regexp_extract("source_file", FILE_NAME, place + 1).alias(name)
                for place, name in enumerate(("folder", "market", "cadence", "day"))
            ],
            F.col("modified_at").alias("captured_at"),
            F.is_valid_utf8("value").alias("is_utf8"),
            text.alias("value"),
        )
        .withColumn("lines", F.regexp_extract_all("value", F.lit(RECORD), F.lit(0)))
        .withColumn("notes", F.when(F.get("lines", F.lit(0)).like(NOTE), 1).otherwise(0))
        .withColumn("names", F.transform(_fields(F.get("lines", F.col("notes"))), _unquoted))
        .withColumn("header", _known_header())
        .withColumn("records", F.slice("lines", F.col("notes") + 2, F.size("lines") + 1))
    )
    return split.join(F.broadcast(charts), on=["market", "cadence"], how="left").select(
        "source_file",
        F.try_to_timestamp("folder", F.lit("yyyy-MM-dd")).cast("date").alias("snapshot_date"),
        F.col("chart.chart_id").alias("chart_id"),
        "chart",
        "captured_at",
        "records",
        (F.col("header") == OLD_HEADER).alias("is_old"),
        F.size("names").alias("width"),
        _extra_names().alias("extra_columns"),
        _file_reason().alias("reason"),
        F.substring("value", 1, 10_000).alias("record"),
    )


def _fields(record: Column) -> Column:
    """Split a record into its fields, as written; null if there is no record."""
    return F.regexp_extract_all(F.concat(F.lit(","), record), F.lit(FIELD), F.lit(1))


def _unquoted(field: Column) -> Column:
    within = F.regexp_replace(field, r'(?s)^"(.*)"\z', "$1")
    return F.replace(within, F.lit('""'), F.lit('"'))


def _known_header() -> Column:
    """Return the known header that the names begin with; null if there is none."""
    known = [
        F.when(F.slice("names", 1, len(names)) == F.array(*map(F.lit, names)), F.lit(header))
        for header in HEADERS
        for names in [header.split(",")]
    ]
    return F.coalesce(*known)


def _extra_names() -> Column:
    width = F.when(F.col("header") == OLD_HEADER, OLD_WIDTH).otherwise(WIDTH)
    return F.when(F.col("header").isNotNull(), F.slice("names", width + 1, F.size("names")))


def _file_reason() -> Column:
    unit = F.when(F.col("cadence") == "daily", "days").otherwise("weeks")
    is_chart = F.forall(_extra_names(), lambda name: F.trim(name) != "")
    is_other_cadence = ~F.col("header").isin(OLD_HEADER) & (
        F.col("header") != F.format_string(HEADER, unit)
    )
    open_quote = F.length(F.regexp_replace("value", '[^"]', "")) % 2 == 1
    no_chart = F.format_string(
        "charts.toml has no chart, or several, with source charts_csv, market %s and cadence %s.",
        "market",
        "cadence",
    )
    return (
        F.when(F.col("market") == "", "The file name is not that of a chart file.")
        .when(F.col("day") != F.col("folder"), "The file's day does not match its folder.")
        .when(F.trim("value") == "", "The file is empty.")
        .when(F.col("value").rlike(r"^\s*<"), "The file is a web page.")
        .when(~F.col("is_utf8"), "The file is not UTF-8.")
        .when(open_quote, "The file is cut off inside quotes.")
        .when(~F.coalesce(is_chart, F.lit(False)), "The first row is not a song chart's header.")
        .when(is_other_cadence, "The file is named daily but contains weeks, or the reverse.")
        .when(F.col("chart").isNull(), no_chart)
        .when(_is_misread(), MISREAD)
    )


def _is_misread() -> Column:
    """Check whether all non-ASCII titles and artists were read as Latin-1 or Windows-1252."""
    first = F.when(F.col("header") == OLD_HEADER, 2).otherwise(3)
    names = F.flatten(F.transform("records", lambda record: F.slice(_fields(record), first, 2)))
    beyond_ascii = F.filter(names, lambda name: name.rlike(r"[^\x00-\x7f]"))
    return (F.size(beyond_ascii) > 0) & F.forall(beyond_ascii, _is_misread_name)


def _is_misread_name(name: Column) -> Column:
    """Check whether the bytes of a name are UTF-8, as chartlake.contract.misread.as_it_was does."""
    latin_1 = F.translate(name, WINDOWS_1252, LATIN_1)
    was = F.encode(latin_1, "ISO-8859-1").cast("string")
    # Spark's encode raises an error for a character that Latin-1 lacks.
    return F.when(latin_1.rlike(r"^[\x00-\xff]*+\z"), F.is_valid_utf8(was)).otherwise(F.lit(False))


def count_extra_columns(captures: DataFrame) -> Counter[str]:
    """Count the usable files that have each ignored column, by column name."""
    names = captures.where("reason is null").select(
        F.explode(F.array_distinct("extra_columns")).alias("name")
    )
    return Counter({row["name"]: row["count"] for row in names.groupBy("name").count().collect()})


def explode_rows(captures: DataFrame) -> DataFrame:
    """Expand usable captures: one row per capture and record, key source_file and position.

    `kind` is track, null or rejected; the rank is the file's own, and null unless it is a track's.
    Rows without a title or artist are what the site leaves of a removed track: such a place holds
    no track. `reason` says why a row is rejected.
    `official` contains Spotify's own trend columns; the old format has none.
    """
    row = F.when(F.col("is_old"), _read(OLD_COLUMNS, OLD_WIDTH)).otherwise(_read(COLUMNS, WIDTH))
    opened = captures.select("*", F.posexplode("records").alias("index", "text")).withColumn(
        "fields", _fields(F.col("text"))
    )
    read = opened.withColumn("row", row).withColumn(
        "track_id", F.regexp_extract(F.coalesce("row.track", F.lit("")), TRACK_ID, 1)
    )
    is_named = F.col("row.name").rlike(NOT_BLANK) & (F.size(_artist_names()) > 0)
    kind = F.when(F.col("reason").isNotNull(), "rejected").when(is_named, "track").otherwise("null")
    return (
        read.withColumn("reason", _row_reason())
        .withColumn("kind", kind)
        .select(
            "source_file",
            "snapshot_date",
            "chart_id",
            "captured_at",
            (F.col("index") + 1).alias("position"),
            F.when(F.col("kind") == "track", F.col("row.rank").cast("int")).alias("rank"),
            F.when(F.col("kind") == "track", F.col("row.streams").cast("bigint")).alias("streams"),
            F.lit(None).cast("timestamp").alias("added_at"),
            F.when(F.col("kind") == "track", _track()).alias("track"),
            "kind",
            "reason",
            F.substring("text", 1, 10_000).alias("record"),
            "row.official",
        )
    )


def _row_reason() -> Column:
    """Say why a row cannot be read; null if it is read, or names no track."""
    return (
        F.when(F.col("row").isNull(), "The row does not match its header.")
        .when(~_matches("row.rank", RANK), "The row's rank cannot be read.")
        .when(F.col("track_id") == "", "The row's track id cannot be read.")
        .when(~_matches("row.streams", STREAMS), "The row's streams cannot be read.")
    )


def _matches(column: str, pattern: str) -> Column:
    return F.coalesce(F.col(column).rlike(pattern), F.lit(False))


def _read(columns: str, width: int) -> Column:
    """Parse a record by its format's columns, which are its first fields.

    Null if it has more or fewer fields than its file's header.
    """
    options = {"escape": '"', "columnNameOfCorruptRecord": CORRUPT}
    known = F.array_join(F.slice("fields", 1, width), ",")
    is_whole = F.size("fields") == F.col("width")
    is_text = (F.length(known) <= LONGEST) & ~F.contains(known, F.lit("\x00"))
    text = F.when(is_whole & is_text, known)
    row = F.from_csv(text, f"{columns}, {CORRUPT} string", options)
    official = ("peak_rank", "previous_rank", "days_on_chart")
    numbers = F.struct(
        *[
            (row[name] if name in columns else F.lit(None).cast("string")).alias(name)
            for name in official
        ]
    )
    fields = [row[name].alias(name) for name in ("rank", "track", "artists", "name", "streams")]
    return F.when(
        text.isNotNull() & row[CORRUPT].isNull(),
        F.struct(*fields, numbers.alias("official")),
    )


def _track() -> Column:
    """Shape a row like a track of the Web API, so that one catalogue is built from both."""
    url = F.concat(F.lit("https://open.spotify.com/track/"), F.col("track_id"))
    return (
        F.from_json(F.lit("{}"), TRACK)
        .withField("id", F.col("track_id"))
        .withField("name", F.col("row.name"))
        .withField("external_urls", F.struct(url.alias("spotify")))
        .withField("artists", F.transform(_artist_names(), _artist))
    )


def _artist_names() -> Column:
    return F.filter(F.split("row.artists", ", "), lambda name: name.rlike(NOT_BLANK))


def _artist(name: Column) -> Column:
    artist = F.from_json(F.lit("{}"), ARTIST)
    return artist.withField("id", artist_id_of_name(name)).withField("name", name)
